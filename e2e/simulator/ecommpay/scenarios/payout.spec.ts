import { describe, expect, test } from 'vitest';
import { createRig } from '../rig.ts';
import type { EcommpayScenarioName } from './catalogue.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const ends: Partial<Record<EcommpayScenarioName, { told: string[]; paid: boolean }>> = {
  success: { told: ['success / success / 0'], paid: true },
  'payout-decline': { told: ['decline / decline / 20102'], paid: false },
  'payout-decline-account': { told: ['decline / decline / 20106'], paid: false },
  'payout-no-balance': { told: ['decline / decline / 3028'], paid: false },
  'payout-takes-days': { told: ['success / success / 0'], paid: true },
  'payout-clarification': {
    told: ['awaiting clarification / awaiting clarification', 'success / success / 0'],
    paid: true,
  },
  'payout-internal-error': { told: ['internal error / internal error', 'success / success / 0'], paid: true },
  'payout-decline-reversed': { told: ['decline / decline / 20000', 'success / success / 0'], paid: true },
  'callback-never': { told: [], paid: true },
  'callback-wrong-type': { told: ['success / success / 0'], paid: true },
};

describe('E14: a payout', () => {
  test.each(Object.entries(ends))('%s', (name, { told, paid }) => {
    const rig = createRig({ payoutNeedsSale: false });
    rig.scenario(name as EcommpayScenarioName);
    expect(rig.payout({ id: 'p' }).status).toBe(200);
    rig.pass(5 * DAY_MS);
    expect(rig.told()).toEqual(told);
    expect(rig.ecommpay.ledger().payouts).toHaveLength(paid ? 1 : 0);
    expect(rig.payment('p').status).toBe(paid ? 'success' : 'decline');
    expect(rig.kinds()).toEqual([]);
  });

  test.each([
    ['payout-takes-days', 'processing'],
    ['payout-clarification', 'awaiting clarification'],
    ['payout-internal-error', 'internal error'],
  ] as const)('%s is "%s" for 40 hours', (name, status) => {
    const rig = createRig({ payoutNeedsSale: false });
    rig.scenario(name);
    rig.payout({ id: 'p' });
    rig.pass(39 * HOUR_MS);
    expect(rig.status('p').body).toMatchObject({ payment: { status } });
    rig.pass(2 * HOUR_MS);
    expect(rig.payment('p').status).toBe('success');
  });

  test('what is not done within the limit is declined', () => {
    const rig = createRig({ payoutNeedsSale: false, daysMs: 5 * DAY_MS });
    rig.scenario('payout-takes-days');
    rig.payout({ id: 'p' });
    rig.pass(10 * DAY_MS);
    expect(rig.told()).toEqual(['decline / decline / 20000']);
    expect(rig.ecommpay.ledger().payouts).toEqual([]);
  });

  test('callback-wrong-type calls it a purchase', () => {
    const rig = createRig({ payoutNeedsSale: false });
    rig.scenario('callback-wrong-type');
    rig.payout({ id: 'p' });
    rig.pass(5_000);
    expect(rig.received[0]?.body).toMatchObject({
      payment: { type: 'purchase' },
      operation: { type: 'sale' },
    });
  });
});
