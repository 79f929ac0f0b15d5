import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drive } from '#e2e/rig/drive.ts';
import { AMOUNT, type Edge, freshEdge, makeEcommpayRig, makeVisitor } from '#e2e/rig/ecommpay-shopper.ts';
import { deliver, type Known, signedMessage } from '#e2e/rig/fake-ecommpay.ts';
import { alarms } from '#e2e/rig/payments.ts';
import type { Rig } from '#e2e/rig/rig.ts';
import { redirectFor } from './redirect-for.ts';
import { startGatePayment } from './start-gate.ts';

let edge: Edge;
let rig: Rig;

beforeAll(async () => {
  rig = await makeEcommpayRig(() => edge, { settings: { ECOMMPAY_SALE: 'gate' } });
  rig.deps.announced = () => {};
});
afterAll(() => rig.close());
beforeEach(() => {
  edge = freshEdge();
});

async function shopper() {
  const { buyer, order, payment } = await makeVisitor(rig);
  const start = async () => {
    const { settled } = await startGatePayment(rig.deps, buyer, order, order.version);
    await drive(rig.test, settled, 500);
  };
  return { start, payment, handOver: async () => redirectFor(rig.deps, await payment()) };
}

const redirect = (id: string, redirectData: unknown, changes: Partial<Known> = {}) =>
  signedMessage(id, {
    status: 'awaiting redirect result',
    amount: AMOUNT,
    redirect: redirectData,
    ...changes,
  });

describe('where the customer is sent', () => {
  const GET = { method: 'GET', url: 'https://pay.example/1', body: {} };

  test('as the callback says: by GET, or by a form', async () => {
    const { start, payment, handOver } = await shopper();
    await start();
    const { id } = await payment();
    expect(await deliver(rig.deps, redirect(id, GET))).toBe(200);
    expect(await handOver()).toEqual({
      kind: 'go',
      redirect: { method: 'GET', url: 'https://pay.example/1' },
    });
    const form = { method: 'POST', url: 'https://pay.example/2', body: { token: 'x' } };
    await deliver(rig.deps, redirect(id, form, { at: '2026-11-21T02:00:05+0000' }));
    expect(await handOver()).toEqual({
      kind: 'go',
      redirect: { method: 'POST', url: 'https://pay.example/2', fields: { token: 'x' } },
    });
  });

  test('the newest wins, whatever the order and number of deliveries', async () => {
    const { start, payment, handOver } = await shopper();
    await start();
    const { id } = await payment();
    const old = redirect(id, GET, { at: '2026-11-21T02:00:01+0000' });
    const same = redirect(id, { ...GET, url: 'https://pay.example/2' }, { at: '2026-11-21T02:00:09+0000' });
    const newest = redirect(id, { ...GET, url: 'https://pay.example/3' }, { at: '2026-11-21T02:00:09+0000' });
    for (const body of [same, newest, old, same, old, newest, old, same])
      expect(await deliver(rig.deps, body)).toBe(200);
    expect(await handOver()).toMatchObject({ redirect: { url: 'https://pay.example/3' } });
  });

  test.each([
    { url: 'http://pay.example/1' },
    { url: 'https://127.0.0.1/1' },
    { url: 'https://10.0.0.1/1' },
    { url: 'javascript:alert(1)' },
    { method: 'PUT', url: 'https://pay.example/1' },
    { method: 'POST', url: 'https://pay.example/1', body: { a: { b: 1 } } },
  ])('E17: not to %j', async (data) => {
    const { start, payment, handOver } = await shopper();
    await start();
    const { id } = await payment();
    expect(await deliver(rig.deps, redirect(id, data))).toBe(200);
    expect(await handOver()).toEqual({ kind: 'wait' });
    expect(rig.lines).toContainEqual(
      expect.objectContaining({ event: 'ecommpay.redirect_refused', payment: id }),
    );
    await deliver(rig.deps, redirect(id, GET));
    expect(await handOver()).toMatchObject({ kind: 'go' });
  });

  test('E18: not by an ambiguous callback; what a readable one said before stands', async () => {
    const { start, payment, handOver } = await shopper();
    await start();
    const { id } = await payment();
    const newer = (url: string) =>
      redirect(id, { ...GET, url }, { message: 'Go; now', at: '2026-11-21T02:00:09+0000' });
    expect(await deliver(rig.deps, newer('https://elsewhere.example/1'))).toBe(200);
    expect(await handOver()).toEqual({ kind: 'wait' });
    // Where every such callback holds a semicolon, no customer gets to the wallet: somebody has to know.
    expect(await alarms(rig.deps, 'redirect')).toEqual(['ambiguous_callback']);
    await deliver(rig.deps, redirect(id, GET));
    await deliver(rig.deps, newer('https://elsewhere.example/2'));
    expect(await handOver()).toMatchObject({ redirect: { url: 'https://pay.example/1' } });
  });

  test('to the simulator on loopback, in its mode', async () => {
    const { start, payment, handOver } = await shopper();
    await start();
    const url = 'http://localhost:4000/ecommpay/wallet';
    await deliver(rig.deps, redirect((await payment()).id, { url }));
    expect(await handOver()).toMatchObject({ redirect: { url } });
  });

  test('nowhere any more, once it is done', async () => {
    const { start, payment, handOver } = await shopper();
    await start();
    const { id } = await payment();
    await deliver(rig.deps, redirect(id, GET));
    await deliver(rig.deps, signedMessage(id, { status: 'success', amount: AMOUNT }));
    expect(await handOver()).toEqual({ kind: 'over' });
    await deliver(rig.deps, redirect(id, GET, { at: '2026-11-21T03:00:00+0000' }));
    expect(await handOver()).toEqual({ kind: 'over' });
  });
});
