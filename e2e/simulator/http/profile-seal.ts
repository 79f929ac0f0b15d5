import { CompactEncrypt, importJWK, type JWK, SignJWT } from 'jose';
import type { ProfileClaims } from '../maya/reply.ts';

/** Both with `alg`, and `kid` where there are several. */
export type ProfileKeys = {
  /** The merchant's public key: what Maya encrypts with. */
  encryption: JWK;
  /** Maya's private key. */
  signing: JWK;
};

const CONTENT_ENCRYPTION = 'A256GCM';

/** The value of `data` in the profile: claims signed by Maya, inside an encryption that only the merchant can open. */
export async function sealProfile(
  claims: ProfileClaims,
  { encryption, signing }: ProfileKeys,
): Promise<string> {
  const signed = await new SignJWT(claims)
    .setProtectedHeader({ ...headerOf(signing), typ: 'JWT' })
    .setIssuedAt()
    .sign(await importJWK(signing));
  return new CompactEncrypt(new TextEncoder().encode(signed))
    .setProtectedHeader({ ...headerOf(encryption), enc: CONTENT_ENCRYPTION, cty: 'JWT' })
    .encrypt(await importJWK(encryption));
}

function headerOf({ alg, kid }: JWK): { alg: string; kid?: string } {
  if (!alg) throw new Error('A profile key needs "alg"');
  return { alg, ...(kid ? { kid } : {}) };
}
