import { describe, expect, test } from 'vitest';
import { createRig } from '../rig.ts';
import type { ScenarioName } from './catalogue.ts';

/** What the create that a scenario touches is answered. */
type Expectation = {
  answer: number | 'hang' | 'reset' | 'truncated';
  has?: Record<string, unknown>;
  /** What the next create is answered afterwards, in one word: status, code or error. */
  next?: string;
};

const atCreate: Partial<Record<ScenarioName, Expectation>> = {
  'create-timeout': { answer: 'hang' },
  'create-reset': { answer: 'reset' },
  'create-500': { answer: 500 },
  'create-wrong-amount': { answer: 200, has: { amount: { currency: 'PHP', value: 101 } } },
  'create-wrong-p2m': { answer: 200, has: { p2mId: 'OTHER-P2M-1' } },
  'create-no-echo': { answer: 200, has: {} },
  'create-refused': { answer: 400, has: { code: '2553' } },
  'payment-expiry-30s': { answer: 200, has: { status: 'CREATED' } },
  'payment-expiry-900s': { answer: 200, has: { status: 'CREATED' } },
  'token-expired-create': { answer: 401, has: { code: 'invalid_token' }, next: 'invalid_token' },
};

const word = (body: Record<string, unknown>) => String(body.status ?? body.code ?? body.error);

describe('at create', () => {
  test.each(Object.entries(atCreate))('%s', (name, { answer, has, next }) => {
    const rig = createRig();
    const tokens = rig.open();
    rig.scenario(name as ScenarioName, 1);
    const touched = rig.create(tokens);
    expect(touched.status).toBe(answer);
    if (has) expect(touched.body).toMatchObject(has);
    expect(rig.maya.activeScenarios().active).toEqual({});
    expect(word(rig.create(tokens).body)).toBe(next ?? 'CREATED');
    expect(rig.debits()).toEqual([]);
    expect(rig.kinds()).toEqual([]);
  });

  test('create-no-echo answers an empty object', () => {
    const rig = createRig();
    const tokens = rig.open();
    rig.scenario('create-no-echo');
    expect(rig.create(tokens).text).toBe('{}');
  });

  test.each([
    ['create-timeout', 1],
    ['create-reset', 1],
    ['create-no-echo', 1],
    ['create-500', 0],
    ['create-refused', 0],
  ] as const)('%s leaves %d payments behind', (name, count) => {
    const rig = createRig();
    const tokens = rig.open();
    rig.scenario(name);
    rig.create(tokens);
    expect(rig.maya.payments()).toHaveLength(count);
  });

  test('a payment of another amount is debited as it was made, if somebody executes it', () => {
    const rig = createRig();
    const tokens = rig.open();
    rig.scenario('create-wrong-amount');
    rig.execute(tokens, rig.payment(tokens));
    expect(rig.balance()).toBe(500_000 - 10_100);
  });

  test.each([
    ['payment-expiry-30s', 30],
    ['payment-expiry-900s', 900],
  ] as const)('%s lasts until another is chosen', (name, seconds) => {
    const rig = createRig({ paymentExpirySeconds: 60, accessTokenSeconds: 5_000 });
    const tokens = rig.open();
    rig.scenario(name);
    const ids = [rig.payment(tokens), rig.payment(tokens)];
    rig.scenario('approved');
    rig.payment(tokens);
    expect(rig.maya.payments().map(({ expirySeconds }) => expirySeconds)).toEqual([seconds, seconds, 60]);
    rig.pass(seconds * 1_000 + 1);
    expect(ids.map((id) => rig.execute(tokens, id).status)).toEqual([404, 404]);
  });
});
