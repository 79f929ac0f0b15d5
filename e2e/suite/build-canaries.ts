/**
 * Secrets that the suite's production build is made with. A merchant's build machine may hold the real ones, so a build
 * that takes one of them in is a leak. Nobody's secrets: the built servers of the tests start with others.
 */
export const BUILD_CANARIES: Record<string, string> = {
  DATABASE_URL: 'postgres://canary:canary-of-the-database-url-7d1f@127.0.0.1:9/none',
  SESSION_PASSWORD: 'canary-of-the-session-password-3c9be1',
  SESSION_PASSWORD_PREVIOUS: 'canary-of-the-password-before-52d0aa',
  MAYA_CLIENT_ID: 'canary-of-the-client-id-90b4f2',
  MAYA_CLIENT_SECRET: 'canary-of-the-client-secret-a41c77',
  MAYA_P2M_ID: 'canary-of-the-p2m-id-1e6d03',
  MAYA_SESSION_URL_SECRET: 'canary-of-the-session-url-8fb25d',
  MAYA_PROFILE_DECRYPTION_JWK: '{"kty":"oct","k":"canary-of-the-profile-key-66e0c9"}',
  ECOMMPAY_SECRET: 'canary-of-the-ecommpay-secret-d7f318',
  ECOMMPAY_SECRET_PREVIOUS: 'canary-of-the-secret-before-0ab94e',
  ECOMMPAY_DATA_TOKEN: 'canary-of-the-data-token-c2587b',
  ECOMMPAY_DATA_SECRET: 'canary-of-the-data-secret-f90d14',
  // Next keeps this one beside the server's code, where it belongs; 32 bytes in Base64.
  NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: Buffer.from('canary-of-the-server-actions-key').toString('base64'),
};

/** The one that a build has to hold, in the server's own part. */
export const KEPT_BY_NEXT = 'NEXT_SERVER_ACTIONS_ENCRYPTION_KEY';
