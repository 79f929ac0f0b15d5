import { describe, expect, test } from 'vitest';
import { readSettings, SettingsError } from './env.ts';

const COMMON = {
  APP_URL: 'https://shop.example.ph',
  SESSION_PASSWORD: 'a password for tests, which is long enough',
  MAYA_CLIENT_ID: 'client',
  MAYA_CLIENT_SECRET: 'client-secret',
  MAYA_P2M_ID: 'P2M',
};

const SIMULATOR = {
  ...COMMON,
  MAYA_MODE: 'simulator',
  MAYA_API_URL: 'http://localhost:4000',
  MAYA_TOKEN_URL: 'http://localhost:4000/oauth/token',
};
const SANDBOX = {
  ...COMMON,
  MAYA_MODE: 'sandbox',
  MAYA_API_URL: 'https://op-sandbox.paymaya.com',
  MAYA_TOKEN_URL: 'https://connect-sandbox.example/token',
};
const PRODUCTION = {
  ...COMMON,
  MAYA_MODE: 'production',
  MAYA_API_URL: 'https://op.maya.example',
  MAYA_TOKEN_URL: 'https://connect.maya.example/token',
};

/** Names of the variables that are to be mended; empty where the settings are taken. */
function mends(settings: Record<string, string>, productionBuild = false): string[] {
  try {
    readSettings(settings, productionBuild);
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.problems.map(({ variable }) => variable);
  }
}

describe('where Maya may be, by MAYA_MODE', () => {
  test.each([
    [SIMULATOR, 'http://localhost:4000', true],
    [SIMULATOR, 'http://127.0.0.1:4000', true],
    [SIMULATOR, 'http://127.0.0.2:4000', true],
    [SIMULATOR, 'http://127.1:4000', true],
    [SIMULATOR, 'http://[::1]:4000', true],
    [SIMULATOR, 'http://192.168.1.5:4000', false],
    [SIMULATOR, 'https://op-sandbox.paymaya.com', false],
    [SIMULATOR, 'http://localhost.example:4000', false],
    [SIMULATOR, 'http://127.example:4000', false],
    [SANDBOX, 'https://op-sandbox.paymaya.com', true],
    [SANDBOX, 'http://localhost:4000', true],
    [SANDBOX, 'http://op-sandbox.paymaya.com', false],
    [PRODUCTION, 'https://op.maya.example', true],
    [PRODUCTION, 'http://op.maya.example', false],
    [PRODUCTION, 'https://localhost', false],
    [PRODUCTION, 'https://127.0.0.1', false],
    [PRODUCTION, 'https://127.0.0.2', false],
    [PRODUCTION, 'https://[::1]', false],
    [PRODUCTION, 'https://[::ffff:127.0.0.1]', false],
    [PRODUCTION, 'https://maya.localhost', false],
    [PRODUCTION, 'https://localhost.', false],
    [PRODUCTION, 'https://op-sandbox.paymaya.com', false],
    [PRODUCTION, 'https://SandBox.maya.example', false],
  ])('$MAYA_MODE', (settings, address, taken) => {
    for (const variable of ['MAYA_API_URL', 'MAYA_TOKEN_URL'])
      expect(new Set(mends({ ...settings, [variable]: address })), address).toEqual(
        new Set(taken ? [] : [variable]),
      );
  });

  test('a sandbox’s path is no sandbox’s host', () => {
    expect(mends({ ...PRODUCTION, MAYA_TOKEN_URL: 'https://connect.maya.example/not-sandbox' })).toEqual([]);
  });

  test('production serves its customers over https', () => {
    expect(mends({ ...PRODUCTION, APP_URL: 'http://shop.example.ph' })).toEqual(['APP_URL']);
    expect(mends({ ...SANDBOX, APP_URL: 'http://localhost:3000' })).toEqual([]);
  });

  test('MAYA_MODE is never guessed', () => {
    const { MAYA_MODE, ...rest } = PRODUCTION;
    expect(MAYA_MODE).toBe('production');
    expect(mends({ ...rest, NODE_ENV: 'production' }, true)).toEqual(['MAYA_MODE']);
  });
});

describe('the simulator', () => {
  test.each([
    [false, undefined, []],
    [false, '0', []],
    [true, undefined, ['ALLOW_SIMULATOR']],
    [true, '0', ['ALLOW_SIMULATOR']],
    [true, '1', []],
  ])('production build: %s, ALLOW_SIMULATOR: %s', (build, allowed, expected) => {
    const allow: Record<string, string> = allowed === undefined ? {} : { ALLOW_SIMULATOR: allowed };
    expect(mends({ ...SIMULATOR, ...allow }, build)).toEqual(expected);
  });

  test('a production build against Maya needs no such word', () => {
    expect([mends(SANDBOX, true), mends(PRODUCTION, true)]).toEqual([[], []]);
  });

  test('F6: may frame the app from loopback only', () => {
    expect(mends({ ...SIMULATOR, SIMULATOR_URL: 'https://phone.example' })).toEqual(['SIMULATOR_URL']);
    expect(mends({ ...SIMULATOR, SIMULATOR_URL: 'http://127.0.0.1:4001' })).toEqual([]);
  });

  test.each([
    [SIMULATOR, []],
    [SANDBOX, ['FAULT_POINT']],
    [PRODUCTION, ['FAULT_POINT']],
  ])('lets a test kill the process at a named point: $MAYA_MODE', (settings, expected) => {
    expect(mends({ ...settings, FAULT_POINT: 'execute.answered:2' })).toEqual(expected);
  });
});

describe('who may call the Session URL', () => {
  test.each([
    ['203.0.113.7', undefined, ['MAYA_ALLOWED_IPS']],
    ['203.0.113.7', '0', ['MAYA_ALLOWED_IPS']],
    ['203.0.113.7', '1', []],
    ['203.0.113.7, 198.51.100.0/24,2001:db8::/32', '2', []],
  ])('MAYA_ALLOWED_IPS=%s with TRUSTED_PROXY_HOPS=%s', (addresses, hops, expected) => {
    const trusted: Record<string, string> = hops === undefined ? {} : { TRUSTED_PROXY_HOPS: hops };
    expect(mends({ ...SANDBOX, MAYA_ALLOWED_IPS: addresses, ...trusted })).toEqual(expected);
  });

  test('addresses are read one by one', () => {
    const changes = { MAYA_ALLOWED_IPS: ' 203.0.113.7 , 198.51.100.0/24', TRUSTED_PROXY_HOPS: '1' };
    expect(readSettings({ ...SANDBOX, ...changes }, false).MAYA_ALLOWED_IPS).toEqual([
      '203.0.113.7',
      '198.51.100.0/24',
    ]);
  });
});

describe('the profile’s keys', () => {
  const one = JSON.stringify({ kty: 'oct', alg: 'dir', k: 'x' });
  const set = JSON.stringify({ keys: [{ kty: 'RSA', alg: 'RS256', kid: '1', n: 'x', e: 'AQAB' }] });

  test.each([
    [{}, []],
    [{ MAYA_PROFILE_DECRYPTION_JWK: one }, ['MAYA_PROFILE_VERIFICATION_JWKS']],
    [{ MAYA_PROFILE_VERIFICATION_JWKS: set }, ['MAYA_PROFILE_DECRYPTION_JWK']],
    [{ MAYA_PROFILE_DECRYPTION_JWK: one, MAYA_PROFILE_VERIFICATION_JWKS: set }, []],
  ])('both or none: row %#', (keys, expected) => expect(mends({ ...SANDBOX, ...keys })).toEqual(expected));

  test('a public key decrypts nothing', () => {
    const keys = { MAYA_PROFILE_DECRYPTION_JWK: set, MAYA_PROFILE_VERIFICATION_JWKS: set };
    expect(mends({ ...SANDBOX, ...keys })).toEqual(['MAYA_PROFILE_DECRYPTION_JWK']);
  });

  test('a single key is a set of one', () => {
    const keys = { MAYA_PROFILE_DECRYPTION_JWK: one, MAYA_PROFILE_VERIFICATION_JWKS: set };
    const read = readSettings({ ...SANDBOX, ...keys }, false);
    expect(read.MAYA_PROFILE_DECRYPTION_JWK).toEqual({ keys: [JSON.parse(one)] });
    expect(read.MAYA_PROFILE_VERIFICATION_JWKS).toEqual(JSON.parse(set));
  });
});

test.each([
  ['100', '100', []],
  ['101', '100', ['MAYA_AMOUNT_MIN_CENTAVOS']],
  ['10000001', undefined, ['MAYA_AMOUNT_MIN_CENTAVOS']],
])('the least amount %s is not above the greatest %s', (min, max, expected) => {
  const greatest: Record<string, string> = max === undefined ? {} : { MAYA_AMOUNT_MAX_CENTAVOS: max };
  expect(mends({ ...SANDBOX, MAYA_AMOUNT_MIN_CENTAVOS: min, ...greatest })).toEqual(expected);
});

describe('the ECommPay rail', () => {
  const LOCAL = {
    ECOMMPAY_PAYMENT_PAGE_URL: 'http://localhost:4000/payment',
    ECOMMPAY_GATE_URL: 'http://localhost:4000',
    ECOMMPAY_DATA_URL: 'http://localhost:4000/v1',
  };
  const ON = { ECOMMPAY_PROJECT_ID: '580', ECOMMPAY_SECRET: 'secret' };

  test('is off without a project, whatever its other settings', () => {
    expect(mends(SIMULATOR)).toEqual([]);
    expect(mends({ ...PRODUCTION, ECOMMPAY_GATE_URL: 'http://localhost:4000' })).toEqual([]);
    expect(mends({ ...SANDBOX, ECOMMPAY_SALE: 'gate' })).toEqual([]);
  });

  test('needs its secret', () => {
    expect(mends({ ...SANDBOX, ECOMMPAY_PROJECT_ID: '580' })).toEqual(['ECOMMPAY_SECRET']);
    expect(mends({ ...SANDBOX, ...ON })).toEqual([]);
  });

  test.each([
    [SIMULATOR, 'http://localhost:4000', true],
    [SIMULATOR, 'http://127.0.0.1:4000', true],
    [SIMULATOR, 'https://api.ecommpay.com', false],
    [SANDBOX, 'https://api.ecommpay.com', true],
    [SANDBOX, 'http://localhost:4000', true],
    [SANDBOX, 'http://api.ecommpay.com', false],
    [PRODUCTION, 'https://api.ecommpay.com', true],
    [PRODUCTION, 'http://api.ecommpay.com', false],
    [PRODUCTION, 'https://localhost', false],
  ])('where it may be, by MAYA_MODE: $MAYA_MODE', (settings, address, taken) => {
    const local = settings === SIMULATOR ? LOCAL : {};
    for (const variable of Object.keys(LOCAL))
      expect(mends({ ...settings, ...ON, ...local, [variable]: address }), variable).toEqual(
        taken ? [] : [variable],
      );
  });

  test('its published addresses are no simulator', () => {
    expect(mends({ ...SIMULATOR, ...ON })).toEqual(Object.keys(LOCAL));
  });

  test.each([
    [SANDBOX, '0', ['ECOMMPAY_SALE']],
    [SANDBOX, '1', []],
    [{ ...SIMULATOR, ...LOCAL }, '0', []],
  ])('Gate sends the customer’s address: row %#', (settings, hops, expected) => {
    expect(mends({ ...settings, ...ON, ECOMMPAY_SALE: 'gate', TRUSTED_PROXY_HOPS: hops })).toEqual(expected);
  });

  test.each([
    [{ ECOMMPAY_ALLOWED_IPS: '203.0.113.7' }, ['ECOMMPAY_ALLOWED_IPS']],
    [{ ECOMMPAY_DATA_TOKEN: 'token' }, ['ECOMMPAY_DATA_SECRET']],
    [{ ECOMMPAY_DATA_SECRET: 'secret' }, ['ECOMMPAY_DATA_TOKEN']],
    [{ ECOMMPAY_DATA_TOKEN: 'token', ECOMMPAY_DATA_SECRET: 'secret' }, []],
    [{ ECOMMPAY_SALE_MIN_CENTAVOS: '1500001' }, ['ECOMMPAY_SALE_MIN_CENTAVOS']],
    [{ ECOMMPAY_PAYOUT_MAX_CENTAVOS: '99' }, ['ECOMMPAY_PAYOUT_MIN_CENTAVOS']],
    [{ ECOMMPAY_SALE_LIMIT_SECONDS: '1799' }, ['ECOMMPAY_SALE_BASE_SECONDS']],
    [{ ECOMMPAY_PAYOUT_BASE_SECONDS: '172801' }, ['ECOMMPAY_PAYOUT_BASE_SECONDS']],
  ])('what belongs together: %j', (settings, expected) =>
    expect(mends({ ...SANDBOX, ...ON, ...settings } as Record<string, string>)).toEqual(expected),
  );
});
