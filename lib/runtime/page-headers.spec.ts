import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { styleHashes } from './style-hashes.ts';

const SIMULATOR = {
  APP_URL: 'http://localhost:3000',
  MAYA_MODE: 'simulator',
  MAYA_API_URL: 'http://localhost:4000',
  MAYA_TOKEN_URL: 'http://localhost:4000/oauth/token',
};
const SANDBOX = {
  APP_URL: 'https://shop.example.ph',
  MAYA_MODE: 'sandbox',
  MAYA_API_URL: 'https://sandbox.maya.example',
  MAYA_TOKEN_URL: 'https://sandbox.maya.example/token',
};
const PRODUCTION = {
  APP_URL: 'https://shop.example.ph',
  MAYA_MODE: 'production',
  MAYA_API_URL: 'https://api.maya.example',
  MAYA_TOKEN_URL: 'https://api.maya.example/token',
};
const COMMON = {
  SESSION_PASSWORD: 'a password for tests, which is long enough',
  MAYA_CLIENT_ID: 'test-client',
  MAYA_CLIENT_SECRET: 'test-client-secret',
  MAYA_P2M_ID: 'TEST-P2M',
  ALLOW_SIMULATOR: '1',
};

/** Forgets what this process keeps once, as a new process would. */
function startAnew(): void {
  Reflect.deleteProperty(globalThis, Symbol.for('maya-mini-app-payments.process'));
  vi.resetModules();
}

beforeEach(startAnew);
afterEach(() => {
  vi.unstubAllEnvs();
  startAnew();
});

/** Headers of a page of a process with this environment. */
async function headersOf(environment: Record<string, string>, nodeEnv = 'production') {
  for (const [name, value] of Object.entries({ ...COMMON, ...environment, NODE_ENV: nodeEnv }))
    vi.stubEnv(name, value);
  const { pageHeaders } = await import('./page-headers.ts');
  const made = pageHeaders();
  const directives = new Map(
    made.policy.split('; ').map((directive) => {
      const [name = '', ...sources] = directive.split(' ');
      return [name, sources];
    }),
  );
  return { ...made, directives, again: pageHeaders };
}

describe('the policy', () => {
  test.each([
    ['simulator', SIMULATOR],
    ['sandbox', SANDBOX],
    ['production', PRODUCTION],
  ])('of a served build (%s) allows nothing unsafe and nobody else', async (_name, environment) => {
    const { directives, policy, nonce } = await headersOf(environment);
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toContain('*');
    expect(Object.fromEntries([...directives].filter(([name]) => name !== 'frame-ancestors'))).toEqual({
      'default-src': ["'none'"],
      'script-src': [`'nonce-${nonce}'`, "'strict-dynamic'"],
      'style-src': ["'self'", `'nonce-${nonce}'`, ...styleHashes()],
      'img-src': ["'self'", 'data:'],
      'font-src': ["'self'"],
      'connect-src': ["'self'"],
      'manifest-src': ["'self'"],
      'form-action': ["'self'"],
      'base-uri': ["'none'"],
      'object-src': ["'none'"],
    });
  });

  test('of next dev alone has the unsafe parts that it needs', async () => {
    const { directives, nonce } = await headersOf(SIMULATOR, 'development');
    expect(directives.get('script-src')).toEqual([`'nonce-${nonce}'`, "'strict-dynamic'", "'unsafe-eval'"]);
    expect(directives.get('style-src')).toEqual(["'self'", "'unsafe-inline'"]);
    expect(directives.get('connect-src')).toEqual(["'self'", 'ws:']);
  });

  test('has a nonce of its own for each page, of 128 random bits', async () => {
    const { nonce, again } = await headersOf(PRODUCTION);
    const nonces = [nonce, ...Array.from({ length: 50 }, () => again().nonce)];
    expect(new Set(nonces).size).toBe(51);
    for (const each of nonces) expect(Buffer.from(each, 'base64')).toHaveLength(16);
  });

  test('is what is sent', async () => {
    const { policy, response } = await headersOf(PRODUCTION);
    expect(response['Content-Security-Policy']).toBe(policy);
  });
});

describe('F6: who may frame a page', () => {
  test.each<[string, Record<string, string>, string]>([
    ['nobody, in production', PRODUCTION, "'none'"],
    ['nobody, in the sandbox', SANDBOX, "'none'"],
    [
      'nobody, though an address of a simulator is set',
      { ...SANDBOX, SIMULATOR_URL: 'http://localhost:4000' },
      "'none'",
    ],
    ['the simulator, in its mode', SIMULATOR, 'http://localhost:4000'],
    [
      'the simulator where it was told to be',
      { ...SIMULATOR, SIMULATOR_URL: 'http://localhost:4100' },
      'http://localhost:4100',
    ],
  ])('%s', async (_name, environment, ancestors) => {
    expect((await headersOf(environment)).directives.get('frame-ancestors')).toEqual([ancestors]);
  });
});

describe('other headers', () => {
  test('F1: no page is kept by anybody', async () => {
    for (const environment of [SIMULATOR, PRODUCTION]) {
      expect((await headersOf(environment)).response['Cache-Control']).toBe('private, no-store');
      startAnew();
    }
  });

  test('HSTS where the app is served over https, and only there', async () => {
    const header = 'Strict-Transport-Security';
    expect((await headersOf(PRODUCTION)).response[header]).toBe('max-age=31536000');
    startAnew();
    expect((await headersOf(SIMULATOR)).response).not.toHaveProperty(header);
  });
});
