import { describe, expect, test } from 'vitest';
import { createRig } from '../rig.ts';
import type { EcommpayScenarioName } from './catalogue.ts';

type Expectation = { answer: number | string; has?: object; registered: boolean };

const atRequest: Partial<Record<EcommpayScenarioName, Expectation>> = {
  'answer-lost': { answer: 'hang', registered: true },
  'answer-reset': { answer: 'reset', registered: true },
  'answer-500': { answer: 500, registered: true },
  'answer-not-json': { answer: 200, has: {}, registered: true },
  'answer-other-payment': {
    answer: 200,
    has: { status: 'success', payment_id: 'a-other' },
    registered: true,
  },
  'answer-3041': { answer: 400, has: { status: 'error', code: '3041' }, registered: true },
  'request-lost': { answer: 'hang', registered: false },
  'request-500': { answer: 500, registered: false },
  'request-refused-200': { answer: 200, has: { status: 'error', code: '314' }, registered: false },
  'request-refused-number': { answer: 403, has: { code: 303 }, registered: false },
  'request-forbidden': { answer: 403, has: {}, registered: false },
  'duplicate-3613': { answer: 400, has: { status: 'error', code: '3613' }, registered: false },
  'payout-without-sale': { answer: 400, has: { status: 'error', code: '2606' }, registered: false },
};

describe.each(['sale', 'payout'] as const)('E13: at the request for a %s', (kind) => {
  const cases = Object.entries(atRequest).filter(([name]) => kind === 'payout' || !name.startsWith('payout'));

  test.each(cases)('%s', (name, { answer, has, registered }) => {
    const rig = createRig({ payoutNeedsSale: false });
    rig.scenario(name as EcommpayScenarioName);
    const first = rig[kind]({ id: 'a' });
    expect(first.status).toBe(answer);
    if (has) expect(first.body).toMatchObject(has);
    expect(rig.ecommpay.log().at(-1)).toMatchObject({ scenario: name, call: kind, status: answer });

    expect(rig.status('a')).toMatchObject(
      registered ? { status: 200, body: { payment: { id: 'a' } } } : { status: 404, body: { code: '3061' } },
    );
    const again = rig[kind]({ id: 'a' });
    expect(again).toMatchObject(registered ? { body: { code: '3041' } } : { status: 200 });
    expect(rig.kinds()).toEqual([]);

    rig.pass(1_000);
    if (kind === 'sale') rig.approve('a');
    rig.pass(5_000);
    expect(rig.payment('a').status).toBe('success');
    const { debits, payouts } = rig.ecommpay.ledger();
    expect([debits.length, payouts.length]).toEqual(kind === 'sale' ? [1, 0] : [0, 1]);
  });

  test('E1: callback-before-answer', () => {
    const rig = createRig({ payoutNeedsSale: false, latencyMs: 5, payoutAfterMs: 100 });
    rig.scenario('callback-before-answer');
    const { reply } = rig[kind]({ id: 'a' });
    expect(reply.afterMs).toBe(2_005);
    rig.pass(1_000);
    expect(rig.received).toHaveLength(1);
  });
});

test('a hanging call is held for hangMs', () => {
  const rig = createRig({ hangMs: 40 });
  rig.scenario('answer-lost');
  expect(rig.sale().reply).toMatchObject({ kind: 'hang', afterMs: 40 });
});
