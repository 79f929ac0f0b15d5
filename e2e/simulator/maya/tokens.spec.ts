import { describe, expect, test } from 'vitest';
import { createRig } from './rig.ts';

const protectedHeader = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8'));

describe('shapes', () => {
  test('a customer token is a JWE of about 1,500 characters, a refresh token a JWT of about 900', () => {
    const rig = createRig();
    const { accessToken, refreshToken, expiresAt } = rig.open();
    expect(accessToken.split('.')).toHaveLength(5);
    expect(accessToken.length).toBeGreaterThan(1_400);
    expect(accessToken.length).toBeLessThan(1_600);
    expect(protectedHeader(accessToken)).toMatchObject({ alg: 'RSA-OAEP-256', enc: 'A256GCM' });
    expect(refreshToken.split('.')).toHaveLength(3);
    expect(refreshToken.length).toBeGreaterThan(800);
    expect(refreshToken.length).toBeLessThan(1_000);
    expect(expiresAt).toBe(rig.now() / 1_000 + 600);
  });

  test('the client token is a JWS with its lifetime', () => {
    const rig = createRig();
    const { status, body } = rig.ask(rig.tokenRequest());
    expect(status).toBe(200);
    expect(body).toEqual({ access_token: expect.any(String), token_type: 'Bearer', expires_in: 3_600 });
    expect(protectedHeader(String(body.access_token))).toMatchObject({ alg: 'RS256' });
  });

  test('the token request may be JSON', () => {
    const rig = createRig();
    const request = rig.tokenRequest(
      { 'content-type': 'application/json' },
      '{"grant_type":"client_credentials","scope":"openid"}',
    );
    expect(rig.ask(request).status).toBe(200);
    expect(rig.kinds()).toEqual([]);
  });
});

describe('lifetimes', () => {
  test('a client token dies at its end, with 401 invalid_client and no violation', () => {
    const rig = createRig({ clientTokenSeconds: 60, accessTokenSeconds: 600 });
    const tokens = rig.open();
    rig.create(tokens);
    rig.pass(59_999);
    expect(rig.create(tokens).status).toBe(200);
    rig.pass(1);
    expect(rig.create(tokens)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    rig.dropClientToken();
    expect(rig.create(tokens).status).toBe(200);
    expect(rig.kinds()).toEqual([]);
  });

  test('several client tokens live side by side', () => {
    const rig = createRig();
    const tokens = rig.open();
    rig.create(tokens);
    const first = rig.clientToken();
    rig.dropClientToken();
    rig.create(tokens);
    expect(rig.clientToken()).not.toBe(first);
    expect(rig.ask(rig.createRequest(tokens, 1, { authorization: `Bearer ${first}` })).status).toBe(200);
  });

  test('a customer token dies at expiresAt, and can still be refreshed', () => {
    const rig = createRig({ accessTokenSeconds: 60 });
    const tokens = rig.open();
    rig.pass(60_000);
    expect(rig.create(tokens)).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
    const refreshed = rig.refresh(tokens);
    expect(refreshed.status).toBe(200);
    expect(refreshed.body.expiresAt).toBe(rig.now() / 1_000 + 60);
    expect(rig.kinds()).toEqual([]);
  });
});

describe('rotation', () => {
  const refreshedOf = (rig: ReturnType<typeof createRig>, tokens: ReturnType<typeof rig.open>) =>
    ({ ...tokens, ...rig.refresh(tokens).body }) as typeof tokens;

  test('a refresh renews both tokens; the old access token dies at once, and using it is a violation', () => {
    const rig = createRig();
    const old = rig.open();
    const fresh = refreshedOf(rig, old);
    expect(fresh.accessToken).not.toBe(old.accessToken);
    expect(fresh.refreshToken).not.toBe(old.refreshToken);
    expect(rig.create(fresh).status).toBe(200);
    expect(rig.kinds()).toEqual([]);

    expect(rig.create(old)).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
    expect(rig.maya.violations()).toMatchObject([
      { kind: 'access-token-superseded', call: 'create', customer: 'maria' },
    ]);
  });

  test('an old refresh token is refused, which repeats it in the message, and is a violation', () => {
    const rig = createRig();
    const old = rig.open();
    const fresh = refreshedOf(rig, old);
    const reuse = rig.refresh(old);
    expect(reuse).toMatchObject({ status: 400, body: { code: 'invalid_token' } });
    expect(reuse.body.message).toContain(old.refreshToken);
    expect(rig.kinds()).toEqual(['refresh-token-reused']);
    expect(rig.create(fresh).status).toBe(200);
  });

  test('with revoke-family the reuse kills the newest tokens too', () => {
    const rig = createRig({ refreshReuse: 'revoke-family' });
    const old = rig.open();
    const fresh = refreshedOf(rig, old);
    rig.refresh(old);
    expect(rig.create(fresh).status).toBe(401);
    expect(rig.refresh(fresh).status).toBe(400);
    expect(rig.kinds()).toEqual(['refresh-token-reused']);
  });

  test('after a lost answer the old tokens are dead, but using them is no violation', () => {
    const rig = createRig();
    const tokens = rig.open();
    const { number } = rig.send(rig.refreshRequest(tokens));
    rig.maya.ended(number, 'lost');
    expect(rig.create(tokens).status).toBe(401);
    expect(rig.refresh(tokens).status).toBe(400);
    expect(rig.kinds()).toEqual([]);
  });

  test('each opening of the app is a session of its own', () => {
    const rig = createRig();
    const first = rig.open();
    const second = rig.open();
    rig.refresh(second);
    expect(rig.create(first).status).toBe(200);
    expect(rig.kinds()).toEqual([]);
  });

  test('an unknown refresh token is refused without a violation', () => {
    const rig = createRig();
    const tokens = rig.open();
    expect(rig.refresh({ ...tokens, refreshToken: 'eyJhbGciOiJub25lIn0.e30.c2ln' }).status).toBe(400);
    expect(rig.kinds()).toEqual([]);
  });
});

describe('profile', () => {
  test('gives a customer id that outlives a reset, and the KYC status', () => {
    const rig = createRig();
    const claims = { sub: 'maya-customer-jose', name: 'Jose Rizalino Cruz', kycStatus: 'VERIFIED' };
    expect(rig.profile(rig.open('jose')).reply).toMatchObject({ kind: 'profile', claims });
    rig.maya.reset();
    rig.dropClientToken();
    expect(rig.profile(rig.open('jose')).reply).toMatchObject({ kind: 'profile', claims });
  });

  test('is closed with 403 when not agreed', () => {
    const rig = createRig({}, { profile: false });
    expect(rig.profile(rig.open()).status).toBe(403);
  });
});
