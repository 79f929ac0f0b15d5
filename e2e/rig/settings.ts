import { readSettings, type Settings } from '#lib/base/env.ts';

/** Variables of a process under test, against a Maya on loopback. */
export const testEnvironment = (changes: Record<string, string> = {}): Record<string, string> => ({
  APP_URL: 'http://localhost:3000',
  SESSION_PASSWORD: 'a password for tests, which is long enough',
  MAYA_MODE: 'simulator',
  MAYA_API_URL: 'http://localhost:4000',
  MAYA_TOKEN_URL: 'http://localhost:4000/oauth/token',
  MAYA_CLIENT_ID: 'test-client',
  MAYA_CLIENT_SECRET: 'test-client-secret',
  MAYA_P2M_ID: 'TEST-P2M',
  DATABASE_URL: 'file::memory:',
  ...changes,
});

export const testSettings = (changes: Record<string, string> = {}): Settings =>
  readSettings(testEnvironment(changes), false);
