import { randomBytes, randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { z } from 'zod';

const schema = z.object({
  sessionPassword: z.string().min(32),
  clientId: z.string(),
  clientSecret: z.string(),
  p2mId: z.string(),
  sessionUrlSecret: z.string(),
  ecommpayProjectId: z.int().positive(),
  ecommpaySecret: z.string(),
  ecommpayDataToken: z.string(),
  ecommpayDataSecret: z.string(),
  /** The merchant's pair: Maya encrypts the profile to it. */
  profileDecryption: z.looseObject({ kty: z.string(), alg: z.string() }),
  profileEncryption: z.looseObject({ kty: z.string(), alg: z.string() }),
  /** Maya's pair: it signs the profile with it. */
  profileSigning: z.looseObject({ kty: z.string(), alg: z.string() }),
  profileVerification: z.looseObject({ kty: z.string(), alg: z.string() }),
});

/** What both sides of a development run must agree on. Made at random for this machine, once. */
export type DevSecrets = z.infer<typeof schema>;

/** Reads the secrets of this machine from a file that git ignores, or makes them there; what it lacks is added to it. */
export async function readOrMakeSecrets(path: string): Promise<DevSecrets> {
  const kept = read(path);
  const whole = schema.safeParse(kept);
  if (whole.success) return whole.data;
  const made = await makeSecrets();
  const mended = schema.safeParse({ ...made, ...kept });
  const secrets = mended.success ? mended.data : made;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  return secrets;
}

function read(path: string): object {
  try {
    const kept: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof kept === 'object' && kept !== null ? kept : {};
  } catch {
    return {};
  }
}

export async function makeSecrets(): Promise<DevSecrets> {
  const text = (bytes: number) => randomBytes(bytes).toString('hex');
  const encryption = await generateKeyPair('RSA-OAEP-256', { extractable: true });
  const signing = await generateKeyPair('ES256', { extractable: true });
  const named = async (key: CryptoKey, alg: string): Promise<JWK & { kty: string; alg: string }> => ({
    ...(await exportJWK(key)),
    kty: alg === 'ES256' ? 'EC' : 'RSA',
    alg,
    kid: 'dev',
  });
  return schema.parse({
    sessionPassword: text(32),
    clientId: `dev-client-${text(4)}`,
    clientSecret: text(24),
    p2mId: `DEV-P2M-${text(4)}`,
    sessionUrlSecret: text(16),
    ecommpayProjectId: randomInt(1_000, 99_999),
    ecommpaySecret: text(32),
    ecommpayDataToken: text(16),
    ecommpayDataSecret: text(32),
    profileDecryption: await named(encryption.privateKey, 'RSA-OAEP-256'),
    profileEncryption: await named(encryption.publicKey, 'RSA-OAEP-256'),
    profileSigning: await named(signing.privateKey, 'ES256'),
    profileVerification: await named(signing.publicKey, 'ES256'),
  });
}
