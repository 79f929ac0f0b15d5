import { describe, expect, test } from 'vitest';
import { createRig } from '../rig.ts';
import type { EcommpayScenarioName } from './catalogue.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

type Expectation = { told: string[]; debits: number[] };
const none: number[] = [];

/** What the merchant hears after the redirect within two days, and what the wallet lost, when the customer approves. */
const approved: Partial<Record<EcommpayScenarioName, Expectation>> = {
  success: { told: ['success / success / 0'], debits: [10_000] },
  'decline-20000': { told: ['decline / decline / 20000'], debits: none },
  'decline-20101': { told: ['decline / decline / 20101'], debits: none },
  'decline-20105': { told: ['decline / decline / 20105'], debits: none },
  'customer-walks-away': { told: ['decline / decline / 20000'], debits: none },
  'decline-reversed': {
    told: ['decline / decline / 20000', 'success / success / 0'],
    debits: [10_000],
  },
  'decline-reversed-by-hand': {
    told: ['decline / decline / 20000', 'success / success / 0'],
    debits: [10_000],
  },
  'success-then-decline': {
    told: ['success / success / 0', 'decline / decline / 20000'],
    debits: [10_000],
  },
  'paid-less': { told: ['success / success / 0'], debits: [9_900] },
  'paid-converted': { told: ['success / success / 0'], debits: [10_000] },
};

describe('over Gate, the customer approves', () => {
  test.each(Object.entries(approved))('%s', (name, { told, debits }) => {
    const rig = createRig();
    rig.scenario(name as EcommpayScenarioName);
    rig.sale({ id: 'a' });
    rig.pass(1_000);
    rig.approve('a');
    rig.pass(2 * DAY_MS);
    expect(rig.told().slice(1)).toEqual(told);
    expect(rig.ecommpay.ledger().debits.map(({ amountCentavos }) => amountCentavos)).toEqual(debits);
    expect(rig.status('a').body).toMatchObject({ payment: { status: told.at(-1)?.split(' ')[0] } });
    expect(rig.kinds()).toEqual([]);
  });
});

describe('on the Payment Page, the customer approves', () => {
  test.each(Object.entries(approved))('%s', (name, { told, debits }) => {
    const rig = createRig();
    rig.scenario(name as EcommpayScenarioName);
    rig.confirm({ id: 'a' });
    rig.approve('a');
    rig.pass(2 * DAY_MS);
    expect(rig.told()).toEqual(told);
    expect(rig.ecommpay.ledger().debits.map(({ amountCentavos }) => amountCentavos)).toEqual(debits);
    expect(rig.kinds()).toEqual([]);
  });
});

test('decline-reversed: the same operation, ten minutes later; by hand: a second one', () => {
  const rig = createRig();
  const [byItself, byHand] = ['decline-reversed', 'decline-reversed-by-hand'].map((name) => {
    rig.ecommpay.setScenario({ name });
    rig.confirm({ id: name });
    rig.approve(name);
    rig.pass(9 * MINUTE_MS);
    expect(rig.payment(name).status).toBe('decline');
    rig.pass(2 * MINUTE_MS);
    return rig.payment(name).operations.map(({ type, status }) => `${type} ${status}`);
  });
  expect(byItself).toEqual(['sale success']);
  expect(byHand).toEqual(['sale decline', 'manual change success']);
});

test('a payment that is over already can be reversed too: after a cancelling, and after the limit', () => {
  const rig = createRig();
  rig.confirm({ id: 'cancelled' });
  rig.cancel('cancelled', 'jose');
  rig.confirm({ id: 'left' });
  rig.pass(2 * DAY_MS);
  for (const payment of ['cancelled', 'left']) {
    expect(rig.payment(payment).status).toBe('decline');
    rig.ecommpay.setScenario({ name: 'decline-reversed', payment });
  }
  rig.pass(DAY_MS);
  expect(rig.told()).toEqual([
    'decline / decline / 20301',
    'decline / decline / 20000',
    'success / success / 0',
    'success / success / 0',
  ]);
  expect(rig.ecommpay.ledger().debits).toMatchObject([{ wallet: 'jose' }, { wallet: 'maria' }]);
});

test('E15: paid-less and paid-converted say so', () => {
  const rig = createRig();
  rig.scenario('paid-less');
  rig.confirm({ id: 'a' });
  rig.approve('a');
  rig.scenario('paid-converted');
  rig.confirm({ id: 'b' });
  rig.approve('b');
  rig.pass(2_000);
  expect(rig.received.map(({ body }) => body)).toMatchObject([
    { payment: { sum: { amount: 9_900 } }, operation: { sum_initial: { amount: 9_900 } } },
    {
      payment: { sum: { amount: 10_000, currency: 'PHP' } },
      operation: { sum_initial: { amount: 10_000 }, sum_converted: { amount: 200, currency: 'USD' } },
    },
  ]);
});

describe('second-attempt: a declined operation is no declined payment', () => {
  test('over Gate a second redirect follows', () => {
    const rig = createRig();
    rig.scenario('second-attempt');
    rig.sale({ id: 'a' });
    rig.pass(1_000);
    rig.approve('a');
    rig.pass(3_000);
    rig.approve('a');
    rig.pass(3_000);
    expect(rig.told()).toEqual([
      'awaiting redirect result / awaiting redirect result',
      'awaiting customer / decline / 20105',
      'awaiting redirect result / awaiting redirect result',
      'success / success / 0',
    ]);
    const ids = rig.received.map(({ body }) => (body.operation as { id: number }).id);
    expect([ids[0] === ids[1], ids[1] === ids[2], ids[2] === ids[3]]).toEqual([true, false, true]);
    expect(rig.ecommpay.ledger().debits).toHaveLength(1);
  });

  test('a customer who is back before the second redirect, and says yes, is not asked a third time', () => {
    const rig = createRig({ resultAfterMs: 1_000, redirectAfterMs: 500 });
    rig.scenario('second-attempt');
    rig.sale({ id: 'a' });
    rig.pass(1_000);
    rig.approve('a');
    rig.pass(1_000);
    expect(rig.payment('a').status).toBe('awaiting customer');
    rig.approve('a');
    rig.pass(700);
    expect(() => rig.approve('a')).toThrow('The wallet asks nothing');
    rig.pass(3_000);
    expect(rig.payment('a').status).toBe('success');
    expect(rig.ecommpay.ledger().debits).toHaveLength(1);
  });

  test('on the Payment Page the customer may try again, or go', () => {
    const rig = createRig();
    rig.scenario('second-attempt', 2);
    for (const id of ['again', 'gone']) {
      rig.confirm({ id });
      rig.approve(id);
      rig.pass(2_000);
      expect(rig.payment(id).status).toBe('awaiting customer');
    }
    rig.approve('again');
    rig.pass(2 * DAY_MS);
    expect(rig.payment('again')).toMatchObject({
      status: 'success',
      operations: [{ code: 20105 }, { code: 0 }],
    });
    expect(rig.payment('gone')).toMatchObject({ status: 'decline', operations: [{ code: 20105 }] });
    expect(rig.told().slice(2)).toEqual(['success / success / 0', 'decline / decline / 20105']);
  });
});
