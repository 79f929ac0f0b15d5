import { describe, expect, test } from 'vitest';
import { createRig } from '../rig.ts';
import type { ScenarioName } from './catalogue.ts';

/** What the call that a scenario touches is answered, and what the wallet lost by it. */
type Expectation = {
  answer: number | 'hang' | 'reset' | 'truncated';
  has?: Record<string, unknown>;
  charged?: boolean;
  /** What the same call is answered afterwards, in one word: status, code or error. */
  next?: string;
};

const charged = { charged: true, next: 'PY0010' } as const;
const uncharged = { charged: false, next: 'APPROVED' } as const;
const declined = { answer: 200, has: { status: 'DECLINED' }, charged: false, next: 'PY0010' } as const;

const atExecute: Partial<Record<ScenarioName, Expectation>> = {
  'declined-balance': { ...declined, has: { status: 'DECLINED', reason: 'insufficient_balance' } },
  'declined-limit': { ...declined, has: { status: 'DECLINED', reason: 'limit_reached' } },
  'declined-risk': { ...declined, has: { status: 'DECLINED', reason: 'risk' } },
  'declined-balance-code': { ...declined, answer: 400, has: { code: 'PY0105' } },
  'declined-limit-code': { ...declined, answer: 400, has: { code: 'PY0123' } },
  'declined-risk-code': { ...declined, answer: 400, has: { code: 'PY0119' } },
  'execute-timeout-charged': { answer: 'hang', ...charged },
  'execute-timeout-uncharged': { answer: 'hang', ...uncharged },
  'execute-reset-charged': { answer: 'reset', ...charged },
  'execute-500-charged': { answer: 500, ...charged },
  'execute-502-html': { answer: 502, ...charged },
  'execute-malformed-json': { answer: 200, has: {}, ...charged },
  'execute-truncated': { answer: 'truncated', ...charged },
  'execute-no-status': { answer: 200, has: { amount: { currency: 'PHP', value: 100 } }, ...charged },
  'execute-unknown-status': { answer: 200, has: { status: 'PROCESSING' }, ...charged },
  'execute-other-id': { answer: 200, has: { status: 'APPROVED' }, ...charged },
  'execute-wrong-amount': { answer: 200, has: { amount: { currency: 'PHP', value: 101 } }, ...charged },
  'execute-late': { answer: 200, has: { status: 'APPROVED' }, ...charged },
  'execute-py0010-first': { answer: 400, has: { code: 'PY0010' }, ...uncharged },
  'execute-py0009': { answer: 404, has: { code: 'PY0009' }, ...uncharged },
  'execute-404': { answer: 404, has: {}, ...uncharged },
  'execute-429': { answer: 429, ...uncharged },
  'declined-answer-lost': { answer: 'hang', charged: false, next: 'PY0010' },
  'token-expired-execute': {
    answer: 401,
    has: { code: 'invalid_token' },
    charged: false,
    next: 'invalid_token',
  },
};

const word = (body: Record<string, unknown>) => String(body.status ?? body.code ?? body.error);

describe('at execute', () => {
  test.each(Object.entries(atExecute))('%s', (name, { answer, has, charged: isCharged, next }) => {
    const rig = createRig();
    const tokens = rig.open();
    const id = rig.payment(tokens);
    rig.scenario(name as ScenarioName);

    const touched = rig.execute(tokens, id);
    expect(touched.status).toBe(answer);
    if (has) expect(touched.body).toMatchObject(has);
    expect(rig.balance()).toBe(isCharged ? 490_000 : 500_000);
    expect(rig.maya.activeScenarios().active).toEqual({});
    expect(rig.maya.log().at(-1)).toMatchObject({ scenario: name, call: 'execute', status: answer });

    expect(word(rig.execute(tokens, id).body)).toBe(next);
    expect(rig.debits().length).toBeLessThanOrEqual(1);
    expect(rig.kinds()).toEqual([]);
  });

  test('execute-other-id names an id that is not ours', () => {
    const rig = createRig();
    const tokens = rig.open();
    const id = rig.payment(tokens);
    rig.scenario('execute-other-id');
    expect(rig.execute(tokens, id).body.id).not.toBe(id);
  });

  test('execute-malformed-json and execute-404 have the bodies they promise', () => {
    const rig = createRig();
    const tokens = rig.open();
    rig.scenario('execute-malformed-json');
    expect(rig.execute(tokens, rig.payment(tokens)).text).toMatch(/^\{"id":.*[^}]$/);
    rig.scenario('execute-404');
    expect(rig.execute(tokens, rig.payment(tokens)).text).toBe('');
    rig.scenario('execute-502-html');
    expect(rig.execute(tokens, rig.payment(tokens)).text).toContain('<html>');
  });

  test('execute-429 says when to come back', () => {
    const rig = createRig();
    const tokens = rig.open();
    const id = rig.payment(tokens);
    rig.scenario('execute-429');
    expect(rig.execute(tokens, id).reply).toMatchObject({ headers: { 'retry-after': '1' } });
  });

  test('execute-late charges at once and answers after lateMs', () => {
    const rig = createRig({ lateMs: 70, latencyMs: 5 });
    const tokens = rig.open();
    const id = rig.payment(tokens);
    rig.scenario('execute-late');
    expect(rig.send(rig.executeRequest(tokens, id)).afterMs).toBe(75);
    expect(rig.debits()).toHaveLength(1);
  });

  test('a hanging call is held for hangMs', () => {
    const rig = createRig({ hangMs: 40 });
    const tokens = rig.open();
    const id = rig.payment(tokens);
    rig.scenario('execute-timeout-charged');
    expect(rig.execute(tokens, id).reply).toMatchObject({ kind: 'hang', afterMs: 40 });
  });

  test('execute-balance-code-after-charge: charged and lost, PY0105, then as usual', () => {
    const rig = createRig();
    const tokens = rig.open();
    const id = rig.payment(tokens);
    rig.scenario('execute-balance-code-after-charge');
    const answers = [1, 2, 3].map(() => {
      const { status, body } = rig.execute(tokens, id);
      return [status, body.code];
    });
    expect(answers).toEqual([
      ['hang', undefined],
      [400, 'PY0105'],
      [400, 'PY0010'],
    ]);
    expect(rig.debits()).toHaveLength(1);
  });

  test('a lost answer can be lost several times; a decline touches first executes only', () => {
    const rig = createRig();
    const tokens = rig.open();
    const id = rig.payment(tokens);
    rig.scenario('execute-timeout-charged', 3);
    expect([1, 2, 3, 4].map(() => rig.execute(tokens, id).status)).toEqual(['hang', 'hang', 'hang', 400]);
    rig.scenario('declined-risk');
    expect(rig.execute(tokens, id).body.code).toBe('PY0010');
    expect(rig.execute(tokens, rig.payment(tokens)).body.status).toBe('DECLINED');
    expect(rig.debits()).toHaveLength(1);
  });

  test.each([
    ['PY0010', 'PY0010'],
    ['code', 'PY0119'],
  ] as const)('declined-answer-lost under %s: the repeat answers %s', (repeatAfterDeclined, code) => {
    const rig = createRig({ repeatAfterDeclined });
    const tokens = rig.open();
    const id = rig.payment(tokens);
    rig.scenario('declined-answer-lost');
    rig.execute(tokens, id);
    expect(rig.execute(tokens, id).body.code).toBe(code);
    expect(rig.debits()).toEqual([]);
  });

  test('where the wallet cannot pay, even a charged scenario debits nothing', () => {
    const rig = createRig();
    const tokens = rig.open('jose');
    const id = rig.payment(tokens, 1_000);
    rig.maya.setScenario({ customer: 'jose', name: 'execute-timeout-charged' });
    rig.execute(tokens, id);
    expect(rig.debits('jose')).toEqual([]);
    expect(rig.maya.payments('jose')).toMatchObject([{ status: 'DECLINED' }]);
  });
});
