import { describe, expect, test } from 'vitest';
import { isSecure, isSettingsError, readSettings, readSome, SettingsError, VARIABLES } from './env.ts';

const GOOD: Record<string, string> = {
  APP_URL: 'http://localhost:3000',
  SESSION_PASSWORD: 'a password for tests, which is long enough',
  MAYA_MODE: 'simulator',
  MAYA_API_URL: 'http://localhost:4000',
  MAYA_TOKEN_URL: 'http://localhost:4000/oauth/token',
  MAYA_CLIENT_ID: 'client',
  MAYA_CLIENT_SECRET: 'client-secret',
  MAYA_P2M_ID: 'P2M',
};

const read = (changes: Record<string, string | undefined> = {}, productionBuild = false) =>
  readSettings({ ...GOOD, ...changes }, productionBuild);

/** The error that these changes lead to. */
function refusal(changes: Record<string, string | undefined>, productionBuild = false): SettingsError {
  try {
    read(changes, productionBuild);
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
  throw new Error('these settings are taken');
}

const named = (error: SettingsError) => [...new Set(error.problems.map(({ variable }) => variable))];

const key = (alg: string) => JSON.stringify({ kty: 'oct', alg, k: 'CANARY-KEY' });

/** For each variable, values that it does not take. */
const WRONG: Record<string, string[]> = {
  APP_URL: [
    'CANARY',
    'ftp://canary.example',
    'https://me:canary@shop.example',
    'https://canary@shop.example',
    'https://shop.example/canary',
  ],
  PORT: ['CANARY', '0', '70000', '-3000', '3000.5', '3e3', '0x0bb8'],
  DATABASE_URL: ['CANARY', 'mysql://canary', 'file:', 'postgres://'],
  SESSION_PASSWORD: ['CANARY', 'x'.repeat(31)],
  SESSION_PASSWORD_PREVIOUS: ['CANARY', 'x'.repeat(31)],
  ALLOW_SIMULATOR: ['CANARY', 'true'],
  FAULT_POINT: ['CANARY', 'execute.canary', 'execute.answered:0', 'execute.answered:1:canary'],
  SIMULATOR_URL: ['CANARY', 'http://localhost:4000/canary'],
  MAYA_MODE: ['CANARY', 'SANDBOX'],
  MAYA_API_URL: ['CANARY', 'ftp://localhost', 'http://u:canary@localhost', 'http://localhost/?canary=1'],
  MAYA_TOKEN_URL: ['CANARY', 'javascript:canary', 'http://u:canary@localhost'],
  MAYA_CLIENT_ID: [],
  MAYA_CLIENT_SECRET: [],
  MAYA_P2M_ID: ['canary'.repeat(50)],
  MAYA_X_AUTHORIZATION_PREFIX: ['canary'.repeat(4), 'Bearer\r\nX-Canary: 1', 'Canáry '],
  MAYA_EXECUTE_BODY: ['CANARY', '{ }'],
  MAYA_TOKEN_REQUEST: ['CANARY', 'FORM'],
  MAYA_SCOPE: ['canary'.repeat(40)],
  MAYA_PY0010: ['CANARY', 'declined'],
  MAYA_AMOUNT_MIN_CENTAVOS: ['CANARY', '0', '1.50', '-100', '9999999999999'],
  MAYA_AMOUNT_MAX_CENTAVOS: ['CANARY', '0', '9999999999999', '1e21', 'NaN'],
  MAYA_CONNECT_TIMEOUT_MS: ['CANARY', '99', '60001'],
  MAYA_TIMEOUT_MS: ['CANARY', '99', '120001'],
  MAYA_EXECUTE_TIMEOUT_MS: ['CANARY', '99', '300001'],
  PAY_WAIT_MS: ['CANARY', '-1', '30001'],
  MAYA_PROFILE_DECRYPTION_JWK: ['CANARY', '{"kty":"CANARY"}', '{"keys":[]}', '[]', 'null', key('none')],
  MAYA_PROFILE_VERIFICATION_JWKS: ['CANARY', '{"keys":"CANARY"}', `{"keys":[${key('none')}]}`],
  MAYA_SESSION_URL_SECRET: ['CANARY', 'canary'.repeat(4).slice(0, 21), 'canary/canary/canary/canary'],
  MAYA_ALLOWED_IPS: ['CANARY', '203.0.113.7,canary', '203.0.113.0/33', '2001:db8::/129', '1.2.3.4/8/8', ','],
  TRUSTED_PROXY_HOPS: ['CANARY', '-1', '11'],
  SESSION_ID_TTL_SECONDS: ['CANARY', '0', '3601'],
  SESSION_URL_RATE_LIMIT: ['CANARY', '0', '1000001'],
  SESSION_URL_MAX_UNREDEEMED: ['CANARY', '0', '10000001'],
  ECOMMPAY_PROJECT_ID: ['CANARY', '0', '-1', '1.5'],
  ECOMMPAY_SECRET: [],
  ECOMMPAY_SECRET_PREVIOUS: [],
  ECOMMPAY_PAYMENT_PAGE_URL: ['CANARY', 'http://u:canary@localhost', 'http://localhost/?canary=1'],
  ECOMMPAY_GATE_URL: ['CANARY', 'ftp://localhost', 'http://localhost/#canary'],
  ECOMMPAY_DATA_URL: ['CANARY', 'http://u:canary@localhost'],
  ECOMMPAY_DATA_TOKEN: [],
  ECOMMPAY_DATA_SECRET: [],
  ECOMMPAY_ALLOWED_IPS: ['CANARY', '203.0.113.0/33', ','],
  ECOMMPAY_SALE: ['CANARY', 'PAGE'],
  ECOMMPAY_TIMEOUT_MS: ['CANARY', '99', '120001'],
  ECOMMPAY_SALE_MIN_CENTAVOS: ['CANARY', '0', '20.00'],
  ECOMMPAY_SALE_MAX_CENTAVOS: ['CANARY', '0', '9999999999999'],
  ECOMMPAY_PAYOUT_MIN_CENTAVOS: ['CANARY', '0', '1.00'],
  ECOMMPAY_PAYOUT_MAX_CENTAVOS: ['CANARY', '0', '9999999999999'],
  ECOMMPAY_BEST_BEFORE_SECONDS: ['CANARY', '0', '2592001'],
  ECOMMPAY_SALE_BASE_SECONDS: ['CANARY', '0', '2592001'],
  ECOMMPAY_SALE_LIMIT_SECONDS: ['CANARY', '0', '2592001'],
  ECOMMPAY_PAYOUT_BASE_SECONDS: ['CANARY', '0', '2592001'],
  ECOMMPAY_PAYOUT_LIMIT_SECONDS: ['CANARY', '0', '2592001'],
  ECOMMPAY_RESEND_AFTER_SECONDS: ['CANARY', '0', '2592001'],
  PAYOUT_RECIPIENT_DAYS: ['CANARY', '6', '3651'],
  ECOMMPAY_PAYOUT_IP: ['CANARY', '203.0.113', '203.0.113.7/24'],
  MERCHANT_NAME: ['canary'.repeat(20)],
  MERCHANT_SUPPORT: ['canary'.repeat(30)],
};

describe('D20: a wrong value is named, and never shown', () => {
  test('every variable is tried', () => expect(Object.keys(WRONG).sort()).toEqual([...VARIABLES].sort()));

  const rows = Object.entries(WRONG).flatMap(([name, values]) => values.map((value) => [name, value]));

  test.each(rows)('%s=%j', (name = '', value = '') => {
    const error = refusal({ [name]: value });
    expect(named(error)).toEqual([name]);
    expect(error.message).toMatch(new RegExp(`^${name}: must `, 'm'));
    expect(`${error.message} ${JSON.stringify(error.problems)} ${error.cause}`).not.toMatch(/can[aá]ry/i);
    if (/\d{4}/.test(value)) expect(error.message).not.toContain(value);
  });
});

describe('the last value before a wrong one is taken', () => {
  const cases: Record<string, string[]> = {
    PORT: ['1', '65535'],
    SESSION_PASSWORD: ['x'.repeat(32)],
    FAULT_POINT: ['execute.answered', 'execute.answered:1', 'execute.answered:999999', 'pay.opened:1:freeze'],
    MAYA_CLIENT_ID: ['x'],
    MAYA_CLIENT_SECRET: ['x'],
    MAYA_P2M_ID: ['x'.repeat(255)],
    MAYA_X_AUTHORIZATION_PREFIX: [' ', 'x'.repeat(20)],
    MAYA_SCOPE: ['x'.repeat(200)],
    MAYA_AMOUNT_MIN_CENTAVOS: ['1'],
    MAYA_AMOUNT_MAX_CENTAVOS: ['100', '999999999999'],
    MAYA_CONNECT_TIMEOUT_MS: ['100', '60000'],
    MAYA_TIMEOUT_MS: ['100', '120000'],
    MAYA_EXECUTE_TIMEOUT_MS: ['100', '300000'],
    PAY_WAIT_MS: ['0', '30000'],
    MAYA_SESSION_URL_SECRET: ['aZ09_-'.repeat(4).slice(0, 22), 'x'.repeat(128)],
    TRUSTED_PROXY_HOPS: ['0', '10'],
    SESSION_ID_TTL_SECONDS: ['1', '3600'],
    SESSION_URL_RATE_LIMIT: ['1', '1000000'],
    SESSION_URL_MAX_UNREDEEMED: ['1', '10000000'],
    MERCHANT_NAME: ['x'.repeat(80)],
    MERCHANT_SUPPORT: ['x'.repeat(120)],
  };
  test.each(Object.entries(cases))('%s', (name, values) => {
    for (const value of values) expect(`${read({ [name]: value })[name as 'PORT']}`).toBe(value);
  });

  test('addresses and ranges of both families', () => {
    const ranges = ['203.0.113.7', '0.0.0.0/0', '198.51.100.7/32', '2001:db8::1', '::/0', '2001:db8::/128'];
    const { MAYA_ALLOWED_IPS } = read({ MAYA_ALLOWED_IPS: ranges.join(','), TRUSTED_PROXY_HOPS: '1' });
    expect(MAYA_ALLOWED_IPS).toEqual(ranges);
  });
});

describe('D20: a missing variable is named', () => {
  test.each(Object.keys(GOOD))('%s', (name) => {
    expect(refusal({ [name]: undefined }).message).toBe(`${name}: is missing`);
  });

  test.each(Object.keys(GOOD))('%s, for empty is unset', (name) => {
    expect(refusal({ [name]: '' }).message).toBe(`${name}: is missing`);
  });

  test('an empty variable that may be absent is absent', () => {
    const empty = Object.fromEntries(VARIABLES.filter((name) => !(name in GOOD)).map((name) => [name, '']));
    expect(read(empty)).toEqual(read());
  });
});

test('all that is wrong is told at once, one line a problem, also across variables beside a wrong one', () => {
  const error = refusal({
    SESSION_PASSWORD: 'short',
    MAYA_CLIENT_SECRET: '',
    PORT: 'x',
    MAYA_ALLOWED_IPS: '203.0.113.7',
    MAYA_API_URL: 'https://maya.example',
  });
  expect(named(error).sort()).toEqual(
    ['MAYA_ALLOWED_IPS', 'MAYA_API_URL', 'MAYA_CLIENT_SECRET', 'PORT', 'SESSION_PASSWORD'].sort(),
  );
  expect(error.message.split('\n')).toHaveLength(5);
});

test('nothing but the listed variables is read, NODE_ENV least of all, and nobody can change what was read', () => {
  expect(read({ NODE_ENV: 'production', UNKNOWN: 'x' })).toEqual(read());
  expect(() => Object.assign(read(), { MAYA_PY0010: 'review' })).toThrow(TypeError);
});

test('the defaults are the documented ones', () => {
  expect(read()).toMatchObject({
    DATABASE_URL: 'file:.data/app.db',
    MAYA_PY0010: 'approved',
    MAYA_X_AUTHORIZATION_PREFIX: '',
    MAYA_EXECUTE_BODY: '{}',
    MAYA_TOKEN_REQUEST: 'form',
    MAYA_AMOUNT_MIN_CENTAVOS: 100,
    MAYA_CONNECT_TIMEOUT_MS: 10_000,
    MAYA_TIMEOUT_MS: 20_000,
    MAYA_EXECUTE_TIMEOUT_MS: 60_000,
    PAY_WAIT_MS: 6_000,
    TRUSTED_PROXY_HOPS: 0,
    SESSION_ID_TTL_SECONDS: 120,
    SESSION_URL_RATE_LIMIT: 300,
    SESSION_URL_MAX_UNREDEEMED: 50_000,
  });
  expect(read().SIMULATOR_URL.href).toBe('http://localhost:4000/');
  expect(read().MAYA_SESSION_URL_SECRET).toBeUndefined();
  expect(read().MAYA_ALLOWED_IPS).toBeUndefined();
  expect(read().MAYA_SCOPE).toBeUndefined();
});

describe('a command reads only what it needs', () => {
  const some = (source: Record<string, string | undefined>) =>
    readSome(source, ['DATABASE_URL', 'MAYA_EXECUTE_TIMEOUT_MS', 'MAYA_CLIENT_ID']);

  test('with the same defaults, whatever is wrong or missing elsewhere', () => {
    expect(some({ MAYA_CLIENT_ID: 'client', DATABASE_URL: '', PORT: 'wrong' })).toEqual({
      DATABASE_URL: 'file:.data/app.db',
      MAYA_EXECUTE_TIMEOUT_MS: 60_000,
      MAYA_CLIENT_ID: 'client',
    });
  });

  test('D20: and names what is wrong or missing, without its value', () => {
    const wrong = () => some({ DATABASE_URL: 'mysql://canary' });
    expect(wrong).toThrow('DATABASE_URL: must be file:<path> or postgres://…\nMAYA_CLIENT_ID: is missing');
    expect(wrong).toThrow(expect.toSatisfy(isSettingsError));
    expect([new Error('x'), 'x', undefined].some(isSettingsError)).toBe(false);
  });
});

test.each([
  ['http://localhost:3000', false],
  ['https://shop.example.ph', true],
])('the cookie of %s is Secure: %s', (APP_URL, secure) => expect(isSecure(read({ APP_URL }))).toBe(secure));
