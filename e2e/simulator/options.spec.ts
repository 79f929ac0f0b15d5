import { describe, expect, test } from 'vitest';
import { optionsFrom } from './options.ts';

const needed = { MAYA_CLIENT_ID: 'id', MAYA_CLIENT_SECRET: 'secret', MAYA_P2M_ID: 'p2m' };
const key = JSON.stringify({ kty: 'RSA', alg: 'RS256', n: 'AQ', e: 'AQAB' });

describe('options from the environment', () => {
  test('defaults', () => {
    expect(optionsFrom({ ...needed, APP_URL: '' })).toEqual({
      options: {
        port: 4_000,
        appUrl: 'http://localhost:3000',
        merchantName: 'The shop',
        clientId: 'id',
        clientSecret: 'secret',
        p2mId: 'p2m',
        sessionUrlSecret: undefined,
        profile: undefined,
      },
    });
  });

  test('everything set', () => {
    const { options } = optionsFrom({
      ...needed,
      SIMULATOR_PORT: '4100',
      APP_URL: 'http://localhost:3100',
      MAYA_SESSION_URL_SECRET: 'abc_-9',
      SIMULATOR_PROFILE_ENCRYPTION_JWK: key,
      SIMULATOR_PROFILE_SIGNING_JWK: key,
    });
    expect(options).toMatchObject({
      port: 4_100,
      appUrl: 'http://localhost:3100',
      sessionUrlSecret: 'abc_-9',
      profile: { encryption: { alg: 'RS256' }, signing: { kty: 'RSA' } },
    });
  });

  test('ECommPay, whole', () => {
    const { options } = optionsFrom({
      ...needed,
      ECOMMPAY_PROJECT_ID: '210',
      ECOMMPAY_SECRET: 'secret-text',
      ECOMMPAY_DATA_TOKEN: 'token',
      ECOMMPAY_DATA_SECRET: 'data-secret',
    });
    expect(options?.ecommpay).toEqual({
      projectId: 210,
      secret: 'secret-text',
      dataToken: 'token',
      dataSecret: 'data-secret',
    });
    expect(optionsFrom({ ...needed, ECOMMPAY_SECRET: 'alone' }).options?.ecommpay).toBeUndefined();
  });

  test('one profile key alone leaves the profile closed', () => {
    expect(optionsFrom({ ...needed, SIMULATOR_PROFILE_SIGNING_JWK: key }).options?.profile).toBeUndefined();
  });

  test.each([
    [{ ...needed, MAYA_CLIENT_SECRET: undefined, MAYA_P2M_ID: '' }, ['MAYA_CLIENT_SECRET', 'MAYA_P2M_ID']],
    [{ ...needed, SIMULATOR_PORT: '70000' }, ['SIMULATOR_PORT']],
    [
      {
        ...needed,
        ECOMMPAY_PROJECT_ID: 'secret-text',
        ECOMMPAY_SECRET: 'a',
        ECOMMPAY_DATA_TOKEN: 'b',
        ECOMMPAY_DATA_SECRET: 'c',
      },
      ['ECOMMPAY_PROJECT_ID'],
    ],
    [
      { ...needed, ECOMMPAY_PROJECT_ID: '210', ECOMMPAY_SECRET: 'secret-text' },
      ['ECOMMPAY_DATA_TOKEN', 'ECOMMPAY_DATA_SECRET'],
    ],
    [{ ...needed, APP_URL: 'localhost:3000' }, ['APP_URL']],
    [{ ...needed, APP_URL: 'http://localhost:3000/shop' }, ['APP_URL']],
    [{ ...needed, MAYA_SESSION_URL_SECRET: 'a/b' }, ['MAYA_SESSION_URL_SECRET']],
    [{ ...needed, SIMULATOR_PROFILE_SIGNING_JWK: 'secret-text' }, ['SIMULATOR_PROFILE_SIGNING_JWK']],
    [{ ...needed, SIMULATOR_PROFILE_SIGNING_JWK: '{"kty":"RSA"}' }, ['SIMULATOR_PROFILE_SIGNING_JWK']],
  ])('names what is wrong, not its value', (variables, names) => {
    const { mistakes } = optionsFrom(variables);
    expect(mistakes?.map((line) => line.split(' ')[0])).toEqual(names);
    expect(mistakes?.join()).not.toContain('secret-text');
  });
});
