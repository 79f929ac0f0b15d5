import { createCipheriv, createHmac } from 'node:crypto';
import type { ProfileClaims } from '#e2e/simulator/maya/reply.ts';

const SIGNING = Buffer.alloc(32, 7);
const SEALING = Buffer.alloc(32, 9);
const IV = Buffer.alloc(12, 3);

const text = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Symmetric keys for the profile: as real to our code as any other, and a hundred times cheaper. */
export const PROFILE_SETTINGS = {
  MAYA_PROFILE_DECRYPTION_JWK: JSON.stringify({ kty: 'oct', alg: 'dir', k: SEALING.toString('base64url') }),
  MAYA_PROFILE_VERIFICATION_JWKS: JSON.stringify({
    keys: [{ kty: 'oct', alg: 'HS256', k: SIGNING.toString('base64url') }],
  }),
};

/** Signs, then encrypts, as Maya does. */
export function sealClaims(claims: ProfileClaims): string {
  const signed = `${text({ alg: 'HS256' })}.${text(claims)}`;
  const jws = `${signed}.${createHmac('sha256', SIGNING).update(signed).digest('base64url')}`;
  const header = text({ alg: 'dir', enc: 'A256GCM', cty: 'JWT' });
  const cipher = createCipheriv('aes-256-gcm', SEALING, IV);
  cipher.setAAD(Buffer.from(header, 'ascii'));
  const sealed = Buffer.concat([cipher.update(jws, 'utf8'), cipher.final()]);
  return [
    header,
    '',
    IV.toString('base64url'),
    sealed.toString('base64url'),
    cipher.getAuthTag().toString('base64url'),
  ].join('.');
}
