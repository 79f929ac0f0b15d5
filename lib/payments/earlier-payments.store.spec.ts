import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeOrder, makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { momentOf } from '../base/fresh.ts';
import type { CustomerSession } from '../customer-session/sessions.ts';
import type { PaymentState } from '../db/schema.ts';
import { nowPlus } from '../db/store.ts';
import { findOrder, type Order } from '../orders/order.ts';
import { newestUnsettled, sameTotalLately } from './earlier-payments.ts';
import { recordReturn } from './staff.ts';
import { payUnlessAsked } from './tap.ts';
import { openTask, RETURN } from './tasks.ts';

let rig: Rig;
let maria: CustomerSession;

beforeAll(async () => {
  rig = await makeRig(() => Promise.reject(new Error('nobody is called')));
});
afterAll(() => rig.close());
beforeEach(async () => {
  maria = await makeSession(rig.deps, { customerId: crypto.randomUUID() });
});

/** A payment of an order of the session, as it stands in the store. */
async function paid(session: CustomerSession, state: PaymentState, ageMs = 0): Promise<[string, Order]> {
  const order = await makeOrder(rig.deps, session);
  const id = rig.deps.ids.key();
  await rig.deps.store.db
    .insertInto('payments')
    .values({
      id,
      order_id: order.id,
      session_id: session.row,
      rail: 'maya',
      amount_centavos: order.totalCentavos,
      state,
      version: 1,
      pay_by: 0,
      next_ask_at: nowPlus(1e9),
      opened_at: nowPlus(-ageMs),
      updated_at: nowPlus(-ageMs),
    })
    .execute();
  return [id, order];
}

/** The webview of `before` is launched again, by the same or another customer. */
async function relaunch(before: CustomerSession, customerId?: string): Promise<CustomerSession> {
  const next = await makeSession(rig.deps, customerId === undefined ? {} : { customerId });
  await rig.deps.store.db
    .updateTable('sessions')
    .set({ replaced_session_id: before.row })
    .where('id', '=', next.row)
    .execute();
  return next;
}

const db = () => rig.deps.store.db;

describe('a payment without an outcome', () => {
  test('is not shown where its money was given back', async () => {
    const [id] = await paid(maria, 'review');
    await rig.deps.store.transaction((tx) => openTask(tx, rig.deps, RETURN, id));
    expect(await newestUnsettled(db(), maria)).toMatchObject({ id });
    await recordReturn({ ...rig.deps, executeTimeoutMs: 0 }, id, { actor: 'ana', evidence: 'refund 812' });
    expect(await newestUnsettled(db(), maria)).toBeNull();
  });

  test.each<[PaymentState, boolean]>([
    ['creating', true],
    ['created', true],
    ['executing', true],
    ['review', true],
    ['approved', false],
    ['declined', false],
    ['failed', false],
  ])('%s: shown %s', async (state, shown) => {
    const [id, order] = await paid(maria, state);
    const found = await newestUnsettled(db(), maria);
    expect(found && { id: found.id, orderId: found.orderId }).toEqual(
      shown ? { id, orderId: order.id } : null,
    );
  });

  test('of the same customer in another session leads to its order', async () => {
    const [, order] = await paid(maria, 'executing');
    const again = await makeSession(rig.deps, { customerId: maria.customerId ?? '' });
    expect(await newestUnsettled(db(), again)).toMatchObject({ orderId: order.id });
  });

  test('of whoever had this webview before is told without saying more, over several launches', async () => {
    await paid(maria, 'executing');
    const second = await relaunch(maria);
    const third = await relaunch(second, 'somebody-else');
    expect(await newestUnsettled(db(), third)).toMatchObject({ orderId: null });
    expect(await newestUnsettled(db(), await makeSession(rig.deps))).toBeNull();
  });
});

describe('a second payment of the same total', () => {
  test.each<[PaymentState, number, boolean]>([
    ['approved', 0, true],
    ['executing', 590_000, true],
    ['review', 0, true],
    ['approved', 600_001, false],
    ['declined', 0, false],
    ['failed', 0, false],
  ])('%s, %d ms ago: asked about %s', async (state, ageMs, asked) => {
    const [id] = await paid(maria, state, ageMs);
    const order = await makeOrder(rig.deps, maria);
    expect((await sameTotalLately(db(), maria, order.id))?.id ?? null).toBe(asked ? id : null);
  });

  test('another total, or the same order, is no question', async () => {
    const [, order] = await paid(maria, 'executing');
    expect(await sameTotalLately(db(), maria, order.id)).toBeNull();
    const other = await makeOrder(rig.deps, maria, [
      { itemId: 'tablea', name: 'Tablea', unitCentavos: 22_050, quantity: 1 },
    ]);
    expect(await sameTotalLately(db(), maria, other.id)).toBeNull();
  });

  test('nothing is begun until the customer was asked about this very payment', async () => {
    const [id] = await paid(maria, 'approved');
    const order = await makeOrder(rig.deps, maria);
    const tap = async (seen?: string, version?: number) =>
      payUnlessAsked(rig.deps, maria, {
        orderId: order.id,
        version: version ?? (await findOrder(db(), order.id, maria))?.version ?? 0,
        seen,
        tappedAt: momentOf(rig.deps.clock),
      });
    expect(await tap()).toBe('ask');
    expect(await tap(rig.deps.ids.key())).toBe('ask');
    // The page from before it was asked about pays no more.
    expect(await tap(undefined, order.version)).toMatchObject({
      tap: { kind: 'refused', reason: 'order_changed' },
    });
    expect(await db().selectFrom('payments').select('id').where('order_id', '=', order.id).execute()).toEqual(
      [],
    );
    const answered = await tap(id);
    expect(answered).not.toBe('ask');
  });

  test('a tap on somebody else’s order moves nothing', async () => {
    await paid(maria, 'approved');
    const other = await makeSession(rig.deps);
    const order = await makeOrder(rig.deps, other);
    const form = { orderId: order.id, version: order.version, seen: undefined };
    expect(
      await payUnlessAsked(rig.deps, maria, { ...form, tappedAt: momentOf(rig.deps.clock) }),
    ).toMatchObject({ tap: { kind: 'refused', reason: 'not_found' } });
    expect(await findOrder(db(), order.id, other)).toMatchObject({ version: order.version });
  });
});
