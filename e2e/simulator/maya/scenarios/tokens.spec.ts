import { describe, expect, test } from 'vitest';
import { createRig } from '../rig.ts';

describe('tokens', () => {
  test('token-expired-create: a refresh mends it', () => {
    const rig = createRig();
    const tokens = rig.open();
    rig.scenario('token-expired-create');
    expect(rig.create(tokens).status).toBe(401);
    const fresh = { ...tokens, ...rig.refresh(tokens).body };
    expect(rig.create(fresh).status).toBe(200);
    expect(rig.kinds()).toEqual([]);
  });

  test('refresh-refused: from then on, for this opening of the app only', () => {
    const rig = createRig();
    const tokens = rig.open();
    rig.scenario('refresh-refused');
    expect(rig.create(tokens).status).toBe(401);
    expect([1, 2].map(() => rig.refresh(tokens).body.code)).toEqual(['invalid_token', 'invalid_token']);
    expect(rig.create(rig.open()).status).toBe(200);
    expect(rig.kinds()).toEqual([]);
  });

  test.each(['refresh-answer-lost', 'refresh-family-revoked'] as const)('%s', (name) => {
    const rig = createRig();
    const tokens = rig.open();
    rig.scenario(name);
    rig.create(tokens);
    expect(rig.refresh(tokens).status).toBe('hang');
    expect(rig.maya.log().at(-1)).toMatchObject({ call: 'refresh', scenario: name, delivered: false });
    const newest = rig.maya.secrets().at(-1)?.value ?? '';
    expect(rig.refresh(tokens).status).toBe(400);
    expect(rig.refresh({ ...tokens, refreshToken: newest }).status).toBe(
      name === 'refresh-answer-lost' ? 200 : 400,
    );
    expect(rig.kinds()).toEqual([]);
  });

  test('refresh-slow takes slowMs, once', () => {
    const rig = createRig({ slowMs: 80 });
    const tokens = rig.open();
    rig.scenario('refresh-slow');
    rig.create(tokens);
    const slow = rig.refresh(tokens);
    expect([slow.status, slow.reply.afterMs]).toEqual([200, 80]);
    expect(rig.refresh({ ...tokens, ...slow.body }).reply.afterMs).toBe(0);
  });

  test.each(['create', 'execute', 'profile', 'refresh'] as const)('client-token-rejected at %s', (call) => {
    const rig = createRig();
    const tokens = rig.open();
    const id = rig.payment(tokens);
    rig.scenario('client-token-rejected');
    const make = {
      create: () => rig.create(tokens),
      execute: () => rig.execute(tokens, id),
      profile: () => rig.profile(tokens),
      refresh: () => rig.refresh(tokens),
    }[call];
    expect(make()).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect(make().status).toBe(401);
    rig.dropClientToken();
    expect(make().status).not.toBe(401);
    expect(rig.debits()).toHaveLength(call === 'execute' ? 1 : 0);
    expect(rig.kinds()).toEqual([]);
  });

  test('oauth-down: for everyone, and for n token calls', () => {
    const rig = createRig();
    const tokens = rig.open('jose');
    rig.create(tokens);
    rig.maya.setScenario({ name: 'oauth-down', calls: 3 });
    expect(rig.maya.activeScenarios().everyone).toEqual({ name: 'oauth-down', remaining: 3 });
    expect(rig.create(tokens).status).toBe(401);
    expect([1, 2, 3, 4].map(() => rig.ask(rig.tokenRequest()).status)).toEqual([503, 503, 503, 200]);
    expect(rig.maya.activeScenarios().everyone).toBeNull();
  });

  test('profile-down lasts, and payments go through', () => {
    const rig = createRig();
    const tokens = rig.open();
    rig.scenario('profile-down');
    expect([1, 2].map(() => rig.profile(tokens).status)).toEqual([500, 500]);
    expect(rig.execute(tokens, rig.payment(tokens)).body.status).toBe('APPROVED');
  });
});

test('everything-slow: every call of that customer waits slowMs', () => {
  const rig = createRig({ slowMs: 90 });
  const [maria, jose] = [rig.open(), rig.open('jose')];
  rig.scenario('everything-slow');
  expect(rig.create(maria).reply.afterMs).toBe(90);
  expect(rig.execute(maria, rig.payment(maria)).reply.afterMs).toBe(90);
  expect(rig.profile(maria).reply.afterMs).toBe(90);
  expect(rig.refresh(maria).reply.afterMs).toBe(90);
  expect(rig.create(jose).reply.afterMs).toBe(0);
});
