import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGatePayment } from '#lib/payments/ecommpay/start-gate.ts';
import { startPagePayment } from '#lib/payments/ecommpay/start-page.ts';
import type { Stage } from '../built/stage.ts';
import { drive } from '../rig/drive.ts';
import { type Edge, freshEdge, makeEcommpayRig, makeVisitor } from '../rig/ecommpay-shopper.ts';
import type { Rig } from '../rig/rig.ts';
import { ECOMMPAY } from './rails.ts';

const edge: Edge = freshEdge();
let rig: Rig;

beforeAll(async () => {
  rig = await makeEcommpayRig(() => edge);
});
afterAll(() => rig.close());

async function openPayments(): Promise<{ byPage: string; byGate: string }> {
  const [pays, sends] = [await makeVisitor(rig), await makeVisitor(rig)];
  await startPagePayment(rig.deps, { ...pays.buyer }, pays.order, pays.order.version);
  const { settled } = await startGatePayment(rig.deps, sends.buyer, sends.order, sends.order.version);
  await drive(rig.test, settled, 500);
  return { byPage: (await pays.payment()).id, byGate: (await sends.payment()).id };
}

type Callback = { paymentId: string; answers: (number | string)[]; forged: boolean; body: string };

/** What the simulator would say of these payments. */
const stageWith = (statuses: Record<string, string>, callbacks: Callback[] = []): Stage =>
  ({
    store: rig.deps.store,
    simulator: {
      ecommpay: {
        payments: () => Object.entries(statuses).map(([id, status]) => ({ id, status })),
        callbacks: () => callbacks,
      },
    },
  }) as unknown as Stage;

test('what ECommPay has ended, and a Gate sale that it never heard of, are owed an end; all else is the customer’s turn', async () => {
  const { byPage, byGate } = await openPayments();
  const waits = 'awaiting redirect result';
  for (const [statuses, owed] of [
    [{}, 1],
    [{ [byGate]: waits }, 0],
    [{ [byPage]: waits, [byGate]: waits }, 0],
    [{ [byPage]: 'success', [byGate]: waits }, 1],
    [{ [byPage]: 'success', [byGate]: 'decline' }, 2],
    [{ [byPage]: 'decline' }, 2],
  ] as const)
    expect(await ECOMMPAY.owed(stageWith(statuses))).toBe(owed);
});

test('E9: an end that was acknowledged and is not on record is forgotten', async () => {
  const { byPage, byGate } = await openPayments();
  const callback = (changes: Partial<Callback>, status = 'success'): Callback => ({
    paymentId: byPage,
    answers: [200],
    forged: false,
    body: JSON.stringify({ payment: { id: byPage, status } }),
    ...changes,
  });
  for (const [callbacks, forgotten] of [
    [[callback({})], [byPage]],
    [[callback({ answers: ['unreachable', 200], paymentId: byGate }, 'decline')], [byGate]],
    [[callback({ answers: ['unreachable', 500] })], []],
    [[callback({}, 'awaiting redirect result')], []],
    [[callback({ forged: true })], []],
    [[callback({ paymentId: 'a payment that has its end' })], []],
  ] as const)
    expect(await ECOMMPAY.forgotten(stageWith({}, [...callbacks]))).toEqual(forgotten);
});
