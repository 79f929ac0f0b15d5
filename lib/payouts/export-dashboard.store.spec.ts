import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drive } from '#e2e/rig/drive.ts';
import { type Edge, freshEdge, HOUR, MINUTE, makeEcommpayRig } from '#e2e/rig/ecommpay-shopper.ts';
import { deliver, signedMessage } from '#e2e/rig/fake-ecommpay.ts';
import { alarms } from '#e2e/rig/payments.ts';
import { booked, known, makeBatch, NAME, NUMBER, passPayout, payoutRow } from '#e2e/rig/payouts.ts';
import type { Rig } from '#e2e/rig/rig.ts';
import { nowMs } from '../db/store.ts';
import { DEFAULT_COLUMNS, exportForDashboard, readColumns } from './export-dashboard.ts';
import { loadEvents } from './payout.ts';
import { sendBatch } from './send-batch.ts';
import { settleOnce } from './settle.ts';
import { decide, isTooEarly } from './staff.ts';

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

  describe('E13: nobody knows when it is uploaded', () => {
    const ana = { actor: 'Ana Reyes', evidence: 'Dashboard: processing' };

    /** Written into a file, and of no use to ECommPay for so long: then it has it. */
    async function uploadedAfter(hours: number) {
      const exported = await one();
      const { id, row, batchId } = exported;
      await write(batchId);
      const [written] = await loadEvents(rig.deps.store.db, id);
      await passPayout(rig, id, hours * HOUR);
      const before = await row();
      edge.ecommpay.tell(id, known('processing'));
      await deliver(rig.deps, signedMessage(id, known('processing')));
      const heard = (await loadEvents(rig.deps.store.db, id)).find(({ fact }) => 'said' in fact);
      expect(Number(heard?.recordedAtMs) - Number(written?.recordedAtMs)).toBeGreaterThanOrEqual(
        hours * HOUR,
      );
      const deps = { ...rig.deps, sendLimitMs: 30_000, limitMs: 48 * HOUR };
      return {
        ...exported,
        before,
        fromMs: Number(heard?.recordedAtMs) + 50 * HOUR,
        notPaid: async () => decide(deps, id, 'not_paid', (await row()).version, ana),
        at: async (ms: number) => {
          const { now } = await rig.deps.store.db.selectNoFrom(nowMs.as('now')).executeTakeFirstOrThrow();
          await passPayout(rig, id, ms - now);
        },
        state: async () => {
          const { state, reason } = await row();
          return reason === null ? state : `${state} ${reason}`;
        },
      };
    }

    test('it may still be paid for the whole limit time from when ECommPay first spoke of it', {
      timeout: 60_000,
    }, async () => {
      const { id, fromMs, notPaid, at, state } = await uploadedAfter(45);
      await at(fromMs - 44 * HOUR);
      expect(await notPaid()).toEqual({ kind: 'too_early', fromMs });
      await at(fromMs - 2_000);
      expect([await state(), await alarms(rig.deps, id)]).toEqual(['processing', []]);
      expect(await notPaid()).toEqual({ kind: 'too_early', fromMs });
      await at(fromMs + HOUR);
      expect([await state(), await alarms(rig.deps, id)]).toEqual(['review time_cap', ['payout_in_review']]);
      expect(await notPaid()).toMatchObject({ state: 'failed' });
    });

    test('that it was a person’s before is void then, and it is one’s again when that is over', {
      timeout: 60_000,
    }, async () => {
      const { id, before, fromMs, notPaid, at, state } = await uploadedAfter(54);
      expect(before).toMatchObject({ state: 'review', reason: 'time_cap' });
      expect([await state(), await alarms(rig.deps, id)]).toEqual(['processing', []]);
      expect(await notPaid()).toEqual({ kind: 'too_early', fromMs });
      await at(fromMs + HOUR);
      expect([await state(), await alarms(rig.deps, id)]).toEqual(['review time_cap', ['payout_in_review']]);
      await deliver(rig.deps, signedMessage(id, known('success')));
      expect([await state(), await booked(rig.deps, id)]).toEqual(['paid', [150_000]]);
    });

    test('an ambiguous callback that came before does not begin that time', async () => {
      const { id, row, batchId } = await one();
      await write(batchId);
      const [written] = await loadEvents(rig.deps.store.db, id);
      await deliver(rig.deps, signedMessage(id, known('processing', { message: 'Wait; please' })));
      await passPayout(rig, id, 45 * HOUR);
      await deliver(rig.deps, signedMessage(id, known('processing')));
      await rig.test.advance(20 * HOUR);
      const deps = { ...rig.deps, sendLimitMs: 30_000, limitMs: 48 * HOUR };
      const result = await decide(deps, id, 'not_paid', (await row()).version, ana);
      expect(result).toMatchObject({ kind: 'too_early' });
      expect(isTooEarly(result) && result.fromMs).toBeGreaterThan(
        Number(written?.recordedAtMs) + 95 * HOUR - 1,
      );
    });
  });
});
