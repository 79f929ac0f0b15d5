import { describe, expect, test } from 'vitest';
import { createRig, type Headers, refusalOf } from '../rig.ts';
import type { ViolationKind } from '../violations.ts';

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('Maya Connect', () => {
  test.each<[string, ViolationKind, number, string, Headers, string?]>([
    ['no Authorization', 'authorization-missing', 401, 'invalid_client', { authorization: undefined }],
    ['Bearer', 'authorization-malformed', 401, 'invalid_client', { authorization: 'Bearer abc' }],
    ['a wrong secret', 'client-credentials', 401, 'invalid_client', { authorization: basic('client:wrong') }],
    ['text', 'content-type', 400, 'invalid_request', { 'content-type': 'text/plain' }],
    ['Brotli', 'accept-encoding', 400, 'invalid_request', { 'accept-encoding': 'gzip, deflate, br' }],
    ['no grant', 'grant-type', 400, 'invalid_request', {}, ''],
    ['broken JSON', 'grant-type', 400, 'invalid_request', { 'content-type': 'application/json' }, '{'],
    ['a grant of others', 'grant-type', 401, 'invalid_client', {}, 'grant_type=refresh_token'],
    ['a grant of nobody', 'grant-type', 400, 'unsupported_grant_type', {}, 'grant_type=magic'],
    [
      'another field',
      'field-unknown',
      400,
      'invalid_request',
      {},
      'grant_type=client_credentials&client_id=client',
    ],
  ])('refuses %s', (_, kind, status, error, headers, body) => {
    const rig = createRig();
    const answered = rig.ask(rig.tokenRequest(headers, body));
    expect(refusalOf(answered)).toEqual([status, error]);
    expect(answered.body.error_description).toEqual(expect.any(String));
    expect(rig.kinds()).toEqual([kind]);
  });
});

describe('refresh', () => {
  test.each<[string, ViolationKind, string, (refreshToken: string) => unknown]>([
    ['no refresh token', 'field-missing', '2553', () => ({})],
    ['a refresh token that is none', 'field-invalid', '2553', () => ({ refreshToken: 'abc' })],
    [
      'a grant type beside it',
      'field-unknown',
      '2553',
      (refreshToken) => ({ refreshToken, grant_type: 'refresh_token' }),
    ],
    ['broken JSON', 'body-malformed', 'PY0064', () => '{'],
  ])('refuses %s', (_, kind, code, body) => {
    const rig = createRig();
    const tokens = rig.open();
    const answered = rig.ask(rig.refreshRequest(tokens, {}, body(tokens.refreshToken)));
    expect(refusalOf(answered)).toEqual([400, code]);
    expect(rig.kinds()).toEqual([kind]);
    expect(rig.refresh(tokens).status).toBe(200);
  });
});
