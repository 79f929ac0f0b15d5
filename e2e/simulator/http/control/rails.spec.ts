import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CREDENTIALS, createRig } from '../../ecommpay/rig.ts';
import { startForTest } from '../fixture.ts';

let sim: Awaited<ReturnType<typeof startForTest>>;
beforeAll(async () => {
  sim = await startForTest({}, { ecommpay: CREDENTIALS });
});
beforeEach(async () => {
  await sim.control('POST', 'reset');
});
afterAll(() => sim.close());

const get = async (path: string) => (await sim.control('GET', path)).json;

/** A payment on the Payment Page, waiting for the wallet. */
async function started(id: string, customer = 'c-1'): Promise<void> {
  // Of another rig's time: the page would have expired there.
  const address = createRig().pageAddress({ id, customer, more: { best_before: undefined } });
  await fetch(sim.url + address, {
    method: 'POST',
    body: new URLSearchParams({ email: 'maria@example.com' }),
    redirect: 'manual',
  });
}

describe('one control API for both rails', () => {
  test('scenarios are told apart by their names', async () => {
    const listed = await get('scenario');
    expect(listed).toMatchObject({
      everyone: null,
      active: {},
      ecommpay: { everyone: null, customers: {}, payments: {} },
    });
    expect((listed.ecommpay as { scenarios: unknown[] }).scenarios).toContainEqual({
      name: 'decline-20105',
      title: 'Declined with 20105: no funds',
      what: expect.any(String),
      group: 'outcome',
      calls: 1,
      touches: ['page-sale', 'gate-sale'],
    });

    expect((await sim.control('POST', 'scenario', { name: 'decline-20105', calls: 2 })).json).toEqual({
      everyone: { name: 'decline-20105', remaining: 2 },
      customers: {},
      payments: {},
    });
    await sim.control('POST', 'scenario', { name: 'callback-never', payment: 'p-1' });
    await sim.control('POST', 'scenario', { name: 'execute-429', customer: 'maria' });
    expect((await sim.control('DELETE', 'scenario?rail=ecommpay&payment=p-1')).json).toMatchObject({
      active: { maria: { name: 'execute-429' } },
      ecommpay: { everyone: { name: 'decline-20105' }, payments: {} },
    });
    expect((await sim.control('DELETE', 'scenario?rail=maya')).json).toMatchObject({
      active: {},
      ecommpay: { everyone: { name: 'decline-20105' } },
    });
    expect((await sim.control('DELETE', 'scenario')).json).toMatchObject({ ecommpay: { everyone: null } });
  });

  test('settings of both at once', async () => {
    const patch = { latencyMs: 3, ecommpay: { latencyMs: 4 } };
    expect((await sim.control('POST', 'settings', patch)).json).toMatchObject(patch);
    expect((await sim.control('POST', 'settings', { ecommpay: { latencyMs: 0 } })).json).toMatchObject({
      latencyMs: 3,
      ecommpay: { latencyMs: 0 },
    });
  });

  test('act, ledger, payments and callbacks', async () => {
    await started('p-1');
    await started('p-2', 'c-2');
    expect(
      (await sim.control('POST', 'act', { payment: 'p-1', does: 'approve', wallet: 'jose' })).json,
    ).toMatchObject({
      id: 'p-1',
      status: 'processing',
      wallet: 'jose',
    });
    const debit = { paymentId: 'p-1', customer: 'c-1', wallet: 'jose', amountCentavos: 10_000 };
    expect(await get('ledger')).toMatchObject({
      debits: [],
      balances: { maria: 500_000, jose: 5_000 },
      ecommpay: { debits: [debit], payouts: [] },
    });
    expect(await get('ledger?customer=jose')).toMatchObject({
      balances: { jose: 5_000 },
      ecommpay: { debits: [debit] },
    });
    expect(await get('ledger?customer=maria')).toMatchObject({ ecommpay: { debits: [] } });
    expect(await get('ledger?rail=ecommpay&customer=c-1')).toMatchObject({ debits: [debit], payouts: [] });
    expect(await get('ledger?rail=ecommpay&customer=c-2')).toEqual({ debits: [], payouts: [] });

    expect(await get('payments')).toMatchObject({ payments: [], ecommpay: [{ id: 'p-1' }, { id: 'p-2' }] });
    expect(await get('payments?rail=ecommpay&customer=c-2')).toMatchObject({ payments: [{ id: 'p-2' }] });
    expect(await get('payments?payment=p-2')).toMatchObject({ payments: [{ id: 'p-2' }] });
    expect(await get('payments?customer=maria')).toEqual({ payments: [] });

    await sim.control('POST', 'advance', { seconds: 2 });
    expect(await get('callbacks?payment=p-1')).toMatchObject({
      callbacks: [{ paymentId: 'p-1', attempts: 1, answers: ['unreachable'] }],
    });
    expect(await get('callbacks?payment=p-2')).toEqual({ callbacks: [] });
    expect((await sim.control('POST', 'callbacks', { id: 1 })).json.callbacks).toHaveLength(2);
  });

  test('one numbering for one log, by rail, customer, payment and number', async () => {
    sim.open();
    await started('p-1');
    sim.open('jose');
    const { entries } = (await get('log')) as { entries: { number: number; rail: string; call: string }[] };
    expect(entries.map(({ rail, call }) => `${rail} ${call}`)).toEqual([
      'maya session',
      'ecommpay page',
      'maya session',
    ]);
    const numbers = entries.map(({ number }) => number);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(new Set(numbers).size).toBe(3);
    const count = async (query: string) => ((await get(`log?${query}`)).entries as unknown[]).length;
    expect(await count('rail=ecommpay')).toBe(1);
    expect(await count('rail=maya')).toBe(2);
    expect(await count('customer=maria')).toBe(1);
    expect(await count('rail=ecommpay&customer=c-1')).toBe(1);
    expect(await count('payment=p-1')).toBe(1);
    expect(await count(`after=${numbers[0]}`)).toBe(2);
  });

  test('violations of both, and secrets of both', async () => {
    await fetch(`${sim.url}/v2/nothing`);
    await fetch(`${sim.url}/nothing`, { method: 'POST' });
    expect(await get('violations')).toMatchObject({
      violations: [
        { rail: 'ecommpay', kind: 'endpoint-unknown' },
        { rail: 'maya', kind: 'endpoint-unknown' },
      ],
    });
    expect(await get('violations?rail=maya')).toMatchObject({ violations: [{ rail: 'maya' }] });
    expect((await get('secrets')).secrets).toEqual(
      expect.arrayContaining([
        { kind: 'client-secret', value: 'a-client-secret' },
        { kind: 'ecommpay-secret', value: CREDENTIALS.secret },
        { kind: 'ecommpay-data-token', value: CREDENTIALS.dataToken },
        { kind: 'ecommpay-data-secret', value: CREDENTIALS.dataSecret },
      ]),
    );
  });

  test.each([
    ['GET', 'log?rail=gcash', undefined, 'unknown_rail'],
    ['POST', 'scenario', { name: 'nothing' }, 'unknown_scenario'],
    ['POST', 'scenario', { name: 'decline-20105', calls: 0 }, 'invalid_scenario'],
    ['POST', 'settings', { ecommpay: { latencyMs: -1 } }, 'invalid_settings'],
    ['POST', 'act', { payment: 'nobody', does: 'approve' }, 'unknown_payment'],
    ['POST', 'act', undefined, 'invalid_act'],
    ['POST', 'callbacks', { id: 99 }, 'unknown_callback'],
    ['POST', 'callbacks', undefined, 'unknown_callback'],
  ])('%s %s with %j: %s, and how to mend it', async (method, path, body, error) => {
    const { status, json } = await sim.control(method, path, body);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(json).toEqual({ error, message: expect.any(String), mend: expect.stringMatching(/./) });
  });

  test('an unknown scenario is told of those of both rails', async () => {
    const { json } = await sim.control('POST', 'scenario', { name: 'nothing' });
    expect(json.mend).toMatch(/execute-429.*decline-20105/);
  });
});
