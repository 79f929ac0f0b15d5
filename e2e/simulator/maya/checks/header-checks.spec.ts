import { describe, expect, test } from 'vitest';
import { createRig, type Headers, type Rig, refusalOf, type Tokens } from '../rig.ts';
import type { ViolationKind } from '../violations.ts';

const UUID_V7 = '01890a5d-ac96-774b-bcce-b302099a8057';

type Row = [name: string, kind: ViolationKind, field: string, headers: Headers];

const refused = (rig: Rig, request: Parameters<Rig['ask']>[0]) => {
  const answered = rig.ask(request);
  return { refusal: refusalOf(answered), parameters: answered.body.parameters, kinds: rig.kinds() };
};

describe('on any call', () => {
  const rows: Row[] = [
    ['no Content-Type', 'content-type', 'Content-Type', { 'content-type': undefined }],
    ['another Content-Type', 'content-type', 'Content-Type', { 'content-type': 'text/plain' }],
    [
      'another charset',
      'content-type',
      'Content-Type',
      { 'content-type': 'application/json; charset=latin1' },
    ],
    ['no reference', 'reference-missing', 'Request-Reference-No', { 'request-reference-no': undefined }],
    ['no UUID', 'reference-not-uuid4', 'Request-Reference-No', { 'request-reference-no': 'order-1' }],
    ['a UUIDv7', 'reference-not-uuid4', 'Request-Reference-No', { 'request-reference-no': UUID_V7 }],
    ['Brotli', 'accept-encoding', 'Accept-Encoding', { 'accept-encoding': 'gzip, br' }],
    ['Brotli with a weight', 'accept-encoding', 'Accept-Encoding', { 'accept-encoding': 'br; q=0.1' }],
    ['Brotli by a star', 'accept-encoding', 'Accept-Encoding', { 'accept-encoding': '*' }],
  ];

  test.each(rows)('%s', (_, kind, field, headers) => {
    const expected = {
      refusal: [400, '2553'],
      parameters: [{ field, description: expect.any(String) }],
      kinds: [kind],
    };
    for (const request of [
      (rig: Rig, tokens: Tokens) => rig.createRequest(tokens, 1, headers),
      (rig: Rig, tokens: Tokens) => rig.executeRequest(tokens, rig.payment(tokens), headers),
      (rig: Rig, tokens: Tokens) => rig.profileRequest(tokens, headers),
      (rig: Rig, tokens: Tokens) => rig.refreshRequest(tokens, headers),
    ]) {
      const rig = createRig();
      expect(refused(rig, request(rig, rig.open()))).toEqual(expected);
      expect(rig.debits()).toEqual([]);
    }
  });

  test('a reference that any other call used, in whatever letters', () => {
    const rig = createRig();
    const tokens = rig.open();
    const reference = 'aaaaaaaa-0000-4000-8000-00000000000b';
    rig.ask(rig.createRequest(tokens, 1, { 'request-reference-no': reference }));
    const request = rig.profileRequest(tokens, { 'request-reference-no': reference.toUpperCase() });
    expect(refused(rig, request)).toMatchObject({ refusal: [400, '2553'], kinds: ['reference-reused'] });
  });

  test.each([
    [{ 'accept-encoding': 'gzip, br;q=0' }],
    [{ 'accept-encoding': undefined }],
    [{ 'content-type': 'application/json; charset=utf-8' }],
    [{ accept: undefined }],
  ])('%j is fine', (headers) => {
    const rig = createRig();
    expect(rig.ask(rig.createRequest(rig.open(), 1, headers)).status).toBe(200);
    expect(rig.kinds()).toEqual([]);
  });
});

describe('tokens', () => {
  test.each<[string, ViolationKind, (tokens: Tokens) => Headers]>([
    ['no Authorization', 'authorization-missing', () => ({ authorization: undefined })],
    ['no Bearer', 'authorization-malformed', () => ({ authorization: 'eyJhbGci.e30.c2ln' })],
    [
      'the customer token in Authorization',
      'authorization-malformed',
      ({ accessToken }) => ({ authorization: `Bearer ${accessToken}` }),
    ],
  ])('%s: 401 invalid_client', (_, kind, headers) => {
    const rig = createRig();
    const tokens = rig.open();
    const request = rig.createRequest(tokens, 1, headers(tokens));
    expect(refused(rig, request)).toMatchObject({ refusal: [401, 'invalid_client'], kinds: [kind] });
  });

  test.each<[string, ViolationKind, (tokens: Tokens) => Headers]>([
    ['no X-Authorization', 'x-authorization-missing', () => ({ 'x-authorization': undefined })],
    [
      'Bearer in X-Authorization',
      'x-authorization-prefix',
      ({ accessToken }) => ({ 'x-authorization': `Bearer ${accessToken}` }),
    ],
    [
      'the refresh token in X-Authorization',
      'x-authorization-malformed',
      ({ refreshToken }) => ({ 'x-authorization': refreshToken }),
    ],
  ])('%s: 401 invalid_token', (_, kind, headers) => {
    const rig = createRig();
    const tokens = rig.open();
    const request = rig.profileRequest(tokens, headers(tokens));
    expect(refused(rig, request)).toMatchObject({ refusal: [401, 'invalid_token'], kinds: [kind] });
  });

  test('no Accept, and an X-Authorization, on the refresh', () => {
    const rig = createRig();
    const tokens = rig.open();
    const request = rig.refreshRequest(tokens, { accept: '*/*', 'x-authorization': tokens.accessToken });
    expect(refused(rig, request)).toEqual({
      refusal: [400, '2553'],
      parameters: [{ field: 'X-Authorization', description: expect.any(String) }],
      kinds: ['x-authorization-unexpected', 'accept'],
    });
  });
});

test('several faults are all noted, and the first is answered', () => {
  const rig = createRig();
  const request = rig.createRequest(rig.open(), '1', {
    'content-type': 'text/plain',
    authorization: undefined,
  });
  expect(refused(rig, request)).toMatchObject({
    refusal: [401, 'invalid_client'],
    kinds: ['authorization-missing', 'content-type', 'amount-not-a-number'],
  });
});
