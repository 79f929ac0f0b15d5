import { type Random, randomBase64url } from './randomness.ts';

/**
 * Tokens that look like Maya's: true JOSE headers in front of random parts, in realistic lengths (a customer's two tokens
 * together do not fit into a cookie). Nobody but Maya can read them anyway; the model knows them by heart.
 */

const header = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');

/** About 900 characters, three parts. */
export const newClientToken = (random: Random): string =>
  [
    header({ alg: 'RS256', typ: 'JWT', kid: 'maya-connect' }),
    randomBase64url(random, 480),
    randomBase64url(random, 342),
  ].join('.');

/** About 1,500 characters, five parts: header, key, initialization vector, ciphertext, tag. */
export const newAccessToken = (random: Random): string =>
  [
    header({ alg: 'RSA-OAEP-256', enc: 'A256GCM', cty: 'JWT', kid: 'maya-mini-app' }),
    randomBase64url(random, 342),
    randomBase64url(random, 16),
    randomBase64url(random, 1_010),
    randomBase64url(random, 22),
  ].join('.');

/** About 900 characters, three parts. */
export const newRefreshToken = (random: Random): string =>
  [
    header({ alg: 'RS256', typ: 'JWT', kid: 'maya-mini-app' }),
    randomBase64url(random, 490),
    randomBase64url(random, 342),
  ].join('.');

export const JWS_SHAPE = /^[\w-]+\.[\w-]+\.[\w-]+$/;
export const JWE_SHAPE = /^[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+$/;
