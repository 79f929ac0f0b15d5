import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drive } from '#e2e/rig/drive.ts';
import { type Edge, freshEdge, HOUR, MINUTE, makeEcommpayRig } from '#e2e/rig/ecommpay-shopper.ts';
import { deliver, signedMessage } from '#e2e/rig/fake-ecommpay.ts';
import { booked, known, makeBatch, NAME, NUMBER, passPayout, payoutRow } from '#e2e/rig/payouts.ts';
import type { Rig } from '#e2e/rig/rig.ts';
import { DEFAULT_COLUMNS, exportForDashboard, readColumns } from './export-dashboard.ts';
import { sendBatch } from './send-batch.ts';
import { settleOnce } from './settle.ts';
import { decide } from './staff.ts';

let edge: Edge;
let rig: Rig;
beforeAll(async () => {
  rig = await makeEcommpayRig(() => edge);
});
afterAll(() => rig.close());
beforeEach(() => {
  edge = freshEdge();
});

async function one() {
  const { batchId, ids } = await makeBatch(rig.deps);
  const id = ids[0] ?? '';
  return {
    id,
    batchId,
    send: () => drive(rig.test, sendBatch(rig.deps, batchId, 'ana'), 10),
    row: () => payoutRow(rig.deps, id),
  };
}

describe('a file for the Dashboard', () => {
  const write = async (
    batchId: string,
    columns = DEFAULT_COLUMNS,
    again = false,
    separator: ',' | ';' = ',',
  ) => {
    const parts = exportForDashboard(
      { ...rig.deps, keys: rig.deps.payouts.keys },
      { columns: readColumns(columns), separator, actor: 'ana', batchId, again },
    );
    return (await Array.fromAsync(parts)).join('');
  };

  test('holds what is ready, with Gate’s names and the number in quotes', async () => {
    const { id, batchId } = await one();
    expect(await write(batchId)).toBe(
      `payment_id,amount,currency,customer_id,ip_address,account_number,customer_name\r\n"${id}","150000","PHP","customer-1","203.0.113.7","${NUMBER}","${NAME}"\r\n`,
    );
  });

  test('columns, their names, order and separator are chosen', async () => {
    const { id, batchId } = await one();
    expect(await write(batchId, 'amount_php=Amount, payment_id=Payment ID', false, ';')).toBe(
      `Amount;Payment ID\r\n"1500.00";"${id}"\r\n`,
    );
    expect(() => readColumns('payment_id,secret')).toThrow('there is no column "secret"');
  });

  test('machines do not send what is in it, but ask for it and take its callbacks; a lost file is written again', async () => {
    const { id, batchId, send, row } = await one();
    const first = await write(batchId);
    expect(await row()).toMatchObject({ state: 'unknown', reason: 'exported' });
    await send();
    await passPayout(rig, id, HOUR);
    expect(edge.ecommpay.named('payout')).toEqual([]);
    expect(edge.ecommpay.named('status').length).toBeGreaterThan(0);
    expect(await write(batchId)).not.toContain(id);
    expect(await write(batchId, DEFAULT_COLUMNS, true)).toBe(first);
    await deliver(rig.deps, signedMessage(id, known('success')));
    expect(await booked(rig.deps, id)).toEqual([150_000]);
  });

  test('E13: it is written again while ECommPay is asked about it, which sends nothing', async () => {
    const { id, batchId, row } = await one();
    const first = await write(batchId);
    await rig.test.advance(HOUR);
    const arrived = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    edge.ecommpay.script.status.push(async (call, fake) => {
      arrived.resolve();
      await answer.promise;
      return fake.well(call);
    });
    const asking = settleOnce(rig.deps, id, { ignoreDue: true });
    await arrived.promise;
    expect((await row()).lease_until).toBeGreaterThan(rig.test.clock.now());
    expect(await write(batchId, DEFAULT_COLUMNS, true)).toBe(first);
    answer.resolve();
    await drive(rig.test, asking);
    expect(await row()).toMatchObject({ state: 'unknown', reason: 'exported' });
    await passPayout(rig, id, HOUR);
    expect(edge.ecommpay.named('payout')).toEqual([]);
    expect(edge.ecommpay.named('status').length).toBeGreaterThan(1);
  });

  test('what was sent is not in it', async () => {
    const { id, batchId, send } = await one();
    await send();
    expect(await write(batchId, DEFAULT_COLUMNS, true)).not.toContain(id);
  });

  test('E13: written again is handed over again: from then on it may still be paid', async () => {
    const { id, batchId, row } = await one();
    await write(batchId);
    const { version: seen } = await row();
    await rig.test.advance(49 * HOUR);
    expect(await write(batchId, DEFAULT_COLUMNS, true)).toContain(id);
    await rig.test.advance(HOUR + MINUTE);
    const deps = { ...rig.deps, sendLimitMs: 30_000, limitMs: 48 * HOUR };
    const ana = { actor: 'Ana Reyes', evidence: 'Dashboard: nothing' };
    expect(await decide(deps, id, 'not_paid', seen, ana)).toBe('changed');
    const { version } = await row();
    expect(await decide(deps, id, 'not_paid', version, ana)).toMatchObject({ kind: 'too_early' });
    await rig.test.advance(49 * HOUR);
    expect(await decide(deps, id, 'not_paid', version, ana)).toMatchObject({ state: 'failed' });
  });
});
