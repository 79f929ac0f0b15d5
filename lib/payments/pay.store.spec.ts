import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drive, driveUntil } from '#e2e/rig/drive.ts';
import { freshOrder } from '#e2e/rig/ecommpay-shopper.ts';
import { type Answer, code, FakeMaya, hang, held, json, notConnected, reset } from '#e2e/rig/fake-maya.ts';
import {
  alarms,
  executeCount,
  history,
  onlyPayment,
  orderRow,
  outboxKinds,
  paymentsOf,
} from '#e2e/rig/payments.ts';
import { makeOrder, makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { testEngine } from '#e2e/rig/test-store.ts';
import { refreshSession } from '../customer-session/refresh.ts';
import { besideStatements } from '../customer-session/spec-helpers.ts';
import { cancelOrder } from '../orders/close-order.ts';
import { follow } from './follow.ts';
import { pay } from './pay.ts';
import { loadEvents } from './payment.ts';

let maya: FakeMaya;
let rig: Rig;

beforeAll(async () => {
  rig = await makeRig((url, init) => maya.fetch(url, init));
});
afterAll(() => rig.close());
beforeEach(() => {
  maya = new FakeMaya();
});

/** A session with an order, and a tap on its Pay. */
async function shopper() {
  const session = await makeSession(rig.deps);
  const order = await makeOrder(rig.deps, session);
  const tap = () => pay(rig.deps, session, order.id, order.version);
  return { session, order, tap, payment: () => onlyPayment(rig.deps, order.id) };
}

describe('a tap that goes well', () => {
  test('creates, executes and tells the truth', async () => {
    const { order, tap, payment } = await shopper();
    const { tap: result, settled } = await tap();
    expect(result).toEqual({ kind: 'following' });
    await settled;
    const paid = await payment();
    expect(paid).toMatchObject({ state: 'approved', confirmed_by: 'provider', amount_centavos: 149_950 });
    expect(await history(rig.deps, paid.id)).toEqual([
      'create_attempt 1',
      'create_answer 1',
      'execute_attempt 1',
      'execute_answer 1',
    ]);
    expect(await orderRow(rig.deps, order.id)).toMatchObject({
      claim: paid.id,
      paid_by: paid.id,
      version: 2,
    });
    expect(await outboxKinds(rig.deps, order.id)).toEqual(['order.paid']);
    expect(maya.named('create')[0]?.body).toEqual({
      p2mId: 'TEST-P2M',
      amount: { currency: 'PHP', value: 1499.5 },
    });
  });

  test('writes each reference before the request that carries it leaves', async () => {
    const { order, tap } = await shopper();
    const recorded: boolean[] = [];
    const spy = async (reference: string | undefined) => {
      const [payment] = await paymentsOf(rig.deps, order.id);
      const events = await loadEvents(rig.deps.store.db, payment?.id ?? '');
      recorded.push(events.some(({ fact }) => 'reference' in fact && fact.reference === reference));
    };
    maya.script.create.push(async (call) => {
      await spy(call.reference);
      return maya.well(call);
    });
    maya.script.execute.push(async (call) => {
      await spy(call.reference);
      return maya.well(call);
    });
    await (await tap()).settled;
    expect(recorded).toEqual([true, true]);
    const references = maya.calls
      .map((call) => call.reference)
      .filter((reference) => reference !== undefined);
    expect(new Set(references).size).toBe(references.length);
  });
});

describe('one order is one payment', () => {
  test('C41: 100 taps at once in one process make one create and one execute', async () => {
    const { order, tap, payment } = await shopper();
    const taps = await Promise.all(Array.from({ length: 100 }, tap));
    await Promise.all(taps.map(({ settled }) => settled));
    expect((await payment()).state).toBe('approved');
    expect(maya.named('create')).toHaveLength(1);
    expect(maya.named('execute')).toHaveLength(1);
    expect((await orderRow(rig.deps, order.id)).version).toBe(2);
  });

  test('C3: taps in two processes make one create and one execute', async () => {
    const { session, order } = await shopper();
    const other = await makeRig((url, init) => maya.fetch(url, init), { test: rig.test });
    const taps = await Promise.all(
      [rig, other, rig, other, rig, other].map(({ deps }) => pay(deps, session, order.id, order.version)),
    );
    expect(taps.every(({ tap }) => tap.kind === 'following')).toBe(true);
    await Promise.all(taps.map(({ settled }) => settled));
    expect(await paymentsOf(rig.deps, order.id)).toHaveLength(1);
    expect(maya.named('execute')).toHaveLength(1);
  });

  test('C5: a tap after success leads to the receipt', async () => {
    const { tap } = await shopper();
    await (await tap()).settled;
    expect((await tap()).tap).toEqual({ kind: 'following' });
    expect(maya.named('create')).toHaveLength(1);
  });

  test('C29: an order cannot be cancelled while a payment is under way', async () => {
    const { order, tap } = await shopper();
    const execute = held((call) => maya.well(call));
    maya.script.execute.push(execute.answer);
    const { settled } = await tap();
    await execute.arrived;
    expect(await cancelOrder(rig.deps.store.db, order.id)).toBe(false);
    execute.release();
    await settled;
    expect(await cancelOrder(rig.deps.store.db, order.id)).toBe(false);
  });
});

describe('a tap that is refused sends nothing', () => {
  test('C10: another version than was shown', async () => {
    const { session, order } = await shopper();
    const { tap } = await pay(rig.deps, session, order.id, order.version + 1);
    expect(tap).toEqual({ kind: 'refused', reason: 'order_changed' });
    expect(maya.calls).toEqual([]);
  });

  test("C42: another customer's order is not found", async () => {
    const { order } = await shopper();
    const stranger = await makeSession(rig.deps);
    const { tap } = await pay(rig.deps, stranger, order.id, order.version);
    expect(tap).toEqual({ kind: 'refused', reason: 'not_found' });
  });

  test('a cancelled or lapsed order', async () => {
    const cancelled = await shopper();
    await cancelOrder(rig.deps.store.db, cancelled.order.id);
    expect((await cancelled.tap()).tap).toEqual({ kind: 'refused', reason: 'order_closed' });
    const lapsed = await shopper();
    await rig.test.advance(31 * 60_000);
    expect((await lapsed.tap()).tap.kind).toBe('refused');
    expect(maya.named('create')).toEqual([]);
  });

  test('C9: a total outside the limits', async () => {
    const session = await makeSession(rig.deps);
    const order = await makeOrder(rig.deps, session, [
      { itemId: 'x', name: 'X', unitCentavos: 1, quantity: 1 },
    ]);
    const { tap } = await pay(rig.deps, session, order.id, order.version);
    expect(tap).toEqual({ kind: 'refused', reason: 'amount' });
  });

  test('a session that is over', async () => {
    const { session, order } = await shopper();
    const { tap } = await pay(rig.deps, { ...session, live: false }, order.id, order.version);
    expect(tap).toEqual({ kind: 'refused', reason: 'session_over' });
  });

  test('B8: client credentials that Maya does not take: alarm, and the session stays', async () => {
    const other = await makeRig((url, init) => maya.fetch(url, init), { test: rig.test });
    const { session, order } = await shopper();
    maya.script.client_token.push(json(401, { error: 'invalid_client' }));
    const { tap } = await pay(other.deps, session, order.id, order.version);
    expect(tap).toEqual({ kind: 'refused', reason: 'unavailable' });
    expect(await alarms(rig.deps, 'client')).toEqual(['maya_client_refused']);
    expect(await paymentsOf(rig.deps, order.id)).toEqual([]);
    await (await pay(other.deps, session, order.id, (await freshOrder(rig.deps, order.id)).version)).settled;
    expect((await onlyPayment(rig.deps, order.id)).state).toBe('approved');
  });

  test('C26: a session may open five payments in ten minutes', async () => {
    const session = await makeSession(rig.deps);
    for (let number = 1; number <= 5; number += 1) {
      maya.script.execute.push((call, fake) => fake.result(call, 'DECLINED'));
      const order = await makeOrder(rig.deps, session);
      await (await pay(rig.deps, session, order.id, order.version)).settled;
    }
    const sixth = await makeOrder(rig.deps, session);
    const again = async () =>
      pay(rig.deps, session, sixth.id, (await freshOrder(rig.deps, sixth.id)).version);
    const tooMany = { kind: 'refused', reason: 'too_many' };
    expect((await again()).tap).toEqual(tooMany);
    await rig.test.advance(599_999);
    expect((await again()).tap).toEqual(tooMany);
    expect(maya.named('create')).toHaveLength(5);
    await rig.test.advance(2);
    await (await again()).settled;
    expect((await onlyPayment(rig.deps, sixth.id)).state).toBe('approved');
  });

  test('D1: nothing is sent where the store cannot write', async () => {
    const { session, order } = await shopper();
    const broken = {
      ...rig.deps,
      store: { ...rig.deps.store, transaction: () => Promise.reject(new Error('disk full')) },
    };
    await expect(pay(broken, session, order.id, order.version)).rejects.toThrow('disk full');
    expect(maya.named('create')).toEqual([]);
  });
});

describe('create', () => {
  test('C13: three at most, each with a reference of its own, and an id that came late is never executed', async () => {
    const { tap, payment } = await shopper();
    maya.script.create.push(reset, json(200, { id: 'late-id-1234' }), code(500, 'PY0001'));
    await drive(rig.test, (await tap()).settled);
    const failed = await payment();
    expect(failed).toMatchObject({ state: 'failed', reason: 'no_create', provider_id: null });
    const events = await loadEvents(rig.deps.store.db, failed.id);
    expect(
      JSON.stringify(events.find(({ fact }) => fact.kind === 'create_answer' && fact.attempt === 2)),
    ).toContain('late-id-1234');
    expect(maya.named('create')).toHaveLength(3);
    expect(new Set(maya.named('create').map(({ reference }) => reference)).size).toBe(3);
    expect(maya.named('execute')).toEqual([]);
  });

  test.each([
    ['amount', { amount: { currency: 'PHP', value: 1 } }],
    ['currency', { amount: { currency: 'USD', value: 1499.5 } }],
    ['p2mId', { p2mId: 'SOMEBODY-ELSE' }],
    ['reference', { requestReferenceNumber: '3f2504e0-4f89-41d3-9a0c-0305e82c3301' }],
  ])('C11: a wrong %s is never executed', async (_field, wrong) => {
    const { order, tap, payment } = await shopper();
    maya.script.create.push(async (call) => {
      const right = (await maya.well(call).json()) as object;
      return Response.json({ ...right, ...wrong });
    });
    await (await tap()).settled;
    const failed = await payment();
    expect(failed).toMatchObject({ state: 'failed', reason: 'create_wrong_echo' });
    expect(await alarms(rig.deps, failed.id)).toEqual(['create_wrong_echo']);
    expect(maya.named('execute')).toEqual([]);
    expect((await orderRow(rig.deps, order.id)).claim).toBeNull();
  });

  test.each(['2553', 'PY0017', 'PY0019', 'PY9998'])('C15: %s ends it with an alarm', async (name) => {
    const { tap, payment } = await shopper();
    maya.script.create.push(code(400, name));
    await (await tap()).settled;
    const failed = await payment();
    expect(failed).toMatchObject({ state: 'failed', reason: 'create_refused' });
    expect(await alarms(rig.deps, failed.id)).toEqual(['maya_configuration']);
    expect(maya.named('create')).toHaveLength(1);
  });

  test('a 401 renews both tokens once and creates again', async () => {
    const { tap, payment } = await shopper();
    maya.script.create.push(code(401, 'invalid_token'));
    await drive(rig.test, (await tap()).settled);
    expect((await payment()).state).toBe('approved');
    const [first, second] = maya.named('create').map(({ headers }) => headers);
    expect(second?.['X-Authorization']).not.toBe(first?.['X-Authorization']);
    expect(second?.Authorization).not.toBe(first?.Authorization);
    expect(maya.named('tokens')).toHaveLength(1);
  });

  test('refused again, since another process renewed the tokens meanwhile: creates with those', async () => {
    const { session, tap, payment } = await shopper();
    const refused = code(401, 'invalid_token');
    maya.script.create.push(refused, async (...call) => {
      await refreshSession(rig.deps, session.row, 1);
      return refused(...call);
    });
    await drive(rig.test, (await tap()).settled);
    expect((await payment()).state).toBe('approved');
    const sent = maya.named('create').map(({ headers }) => headers['X-Authorization']);
    expect(new Set(sent).size).toBe(3);
    expect(maya.named('tokens')).toHaveLength(2);
  });

  test('refused again, and nobody renewed them: the session is over', async () => {
    const { tap, payment } = await shopper();
    maya.script.create.push(code(401, 'invalid_token'), code(401, 'invalid_token'));
    await drive(rig.test, (await tap()).settled);
    expect(await payment()).toMatchObject({ state: 'failed', reason: 'session_over' });
    expect(maya.named('create')).toHaveLength(2);
    expect(maya.named('tokens')).toHaveLength(1);
  });

  test('refused again, after the process had stood still for longer than a tap lasts: the session is not over', async () => {
    const { tap, payment } = await shopper();
    const asleep = held(code(401, 'invalid_token'));
    maya.script.create.push(code(401, 'invalid_token'), asleep.answer);
    const { settled } = await tap();
    const done = drive(rig.test, settled);
    await asleep.arrived;
    await rig.test.advance(60_000);
    asleep.release();
    await done;
    expect(await payment()).toMatchObject({ state: 'failed', reason: 'too_late' });
  });

  test('C45: an id that another payment has is not executed', async () => {
    const first = await shopper();
    await (await first.tap()).settled;
    const stolen = (await first.payment()).provider_id;
    const { order, tap, payment } = await shopper();
    maya.script.create.push(async (call) => {
      const right = (await maya.well(call).json()) as object;
      return Response.json({ ...right, id: stolen });
    });
    await (await tap()).settled;
    const kept = await payment();
    expect(kept).toMatchObject({ state: 'review', reason: 'provider_id_reused' });
    expect(await alarms(rig.deps, kept.id)).toEqual(['payment_in_review', 'provider_id_reused']);
    expect(maya.named('execute')).toHaveLength(1);
    expect((await orderRow(rig.deps, order.id)).claim).toBe(kept.id);
  });

  test('C13: nothing is executed more than 45 s after the tap, however young the id', async () => {
    const { order, tap, payment } = await shopper();
    const busy = json(429, {}, { 'retry-after': '5' });
    const slow = [held(busy), held(busy), held((call) => maya.well(call))];
    maya.script.create.push(...slow.map(({ answer }) => answer));
    const tappedAt = rig.test.clock.now();
    const { settled } = await tap();
    for (const [index, afterMs] of [19_000, 38_000, 46_000].entries()) {
      await driveUntil(rig.test, () => rig.test.clock.now() - tappedAt > afterMs);
      slow[index]?.release();
    }
    await drive(rig.test, settled);
    expect(await payment()).toMatchObject({ state: 'failed', reason: 'too_late' });
    expect(await orderRow(rig.deps, order.id)).toMatchObject({ claim: null, paid_by: null });
    expect(maya.named('create')).toHaveLength(3);
    expect(maya.named('execute')).toEqual([]);
  });

  // Transactions of SQLite do not overlap.
  if (testEngine === 'postgres')
    test('C45: nor where both were given it at the same moment', async () => {
      const [first, second] = [await shopper(), await shopper()];
      let id: unknown;
      const sameId: Answer = async (call) => {
        const right = (await maya.well(call).json()) as { id: string };
        id ??= right.id;
        maya.created.set(id as string, { ...right, id, p2mId: 'TEST-P2M' } as never);
        return Response.json({ ...right, id });
      };
      maya.script.create.push(sameId, sameId);
      // The first one has looked whether another has this id, and has not recorded it yet.
      let selects = 0;
      const looked = held(() => new Response());
      const beside = besideStatements(rig.deps, {
        after: async (kind) => {
          if (kind === 'SelectQueryNode' && maya.named('create').length === 1) {
            selects += 1;
            if (selects === 2) await looked.answer({} as never, maya);
          }
        },
      });
      const { settled } = await pay(beside, first.session, first.order.id, first.order.version);
      await looked.arrived;
      await (await second.tap()).settled;
      looked.release();
      await settled;
      expect(await second.payment()).toMatchObject({ state: 'approved', provider_id: id });
      const kept = await first.payment();
      expect(kept).toMatchObject({ state: 'review', reason: 'provider_id_reused', provider_id: null });
      expect(await alarms(rig.deps, kept.id)).toEqual(['payment_in_review', 'provider_id_reused']);
      expect(maya.named('execute')).toHaveLength(1);
    });

  test('an id older than 20 s is not executed', async () => {
    const { tap, payment } = await shopper();
    const slow = held((call) => maya.well(call));
    maya.script.create.push(slow.answer);
    const { settled } = await tap();
    await slow.arrived;
    // Its process is slow, not dead: the lease is renewed all the while.
    const asked = rig.test.clock.now();
    await driveUntil(rig.test, () => rig.test.clock.now() - asked > 20_500);
    slow.release();
    await settled;
    expect(await payment()).toMatchObject({ state: 'failed', reason: 'too_old' });
    expect(maya.named('execute')).toEqual([]);
  });

  test('C14: nothing is executed once another process recorded the interruption', async () => {
    const { order, tap, payment } = await shopper();
    const slow = held((call) => maya.well(call));
    maya.script.create.push(slow.answer);
    const { settled } = await tap();
    await slow.arrived;
    const { id } = await payment();
    // This process slept so long that its lease lapsed, and another one looked.
    await rig.deps.store.db.updateTable('payments').set({ lease_until: 0 }).where('id', '=', id).execute();
    const other = await makeRig((url, init) => maya.fetch(url, init), { test: rig.test });
    await follow(other.deps, id);
    expect(await payment()).toMatchObject({ state: 'failed', reason: 'interrupted' });
    slow.release();
    await settled;
    expect(await payment()).toMatchObject({
      state: 'failed',
      reason: 'interrupted',
      provider_id: expect.any(String),
    });
    expect(await executeCount(rig.deps, id)).toBe(0);
    expect(maya.named('execute')).toEqual([]);
    expect((await orderRow(rig.deps, order.id)).claim).toBeNull();
  });

  test('D2: the store is away between create and execute: nothing is executed until it is back', async () => {
    const { session, order, payment } = await shopper();
    let away = false;
    let refusals = 0;
    const { store } = rig.deps;
    const flaky = {
      ...rig.deps,
      store: {
        ...store,
        transaction: ((work) => {
          if (!away) return store.transaction(work);
          refusals += 1;
          if (refusals === 3) away = false;
          return Promise.reject(new Error('gone'));
        }) as typeof store.transaction,
      },
    };
    maya.script.create.push((call) => {
      away = true;
      return maya.well(call);
    });
    const { settled } = await pay(flaky, session, order.id, order.version);
    await driveUntil(rig.test, () => refusals === 3);
    expect(maya.named('execute')).toEqual([]);
    await drive(rig.test, settled);
    expect((await payment()).state).toBe('approved');
    expect(maya.named('execute')).toHaveLength(1);
  });

  test('D4: the answer to the commit of the next create is lost: what leaves is what was kept', async () => {
    const { session, order, payment } = await shopper();
    const { store } = rig.deps;
    let lose = false;
    const forgetful = {
      ...rig.deps,
      store: {
        ...store,
        transaction: (async (work) => {
          const kept = await store.transaction(work);
          if (!lose) return kept;
          lose = false;
          throw new Error('gone');
        }) as typeof store.transaction,
      },
    };
    maya.script.create.push((call, fake) => {
      lose = true;
      return reset(call, fake);
    });
    const { settled } = await pay(forgetful, session, order.id, order.version);
    await drive(rig.test, settled);
    const { id, state } = await payment();
    expect(state).toBe('approved');
    const recorded = (await loadEvents(rig.deps.store.db, id)).flatMap(({ fact }) =>
      fact.kind === 'create_attempt' ? [fact.reference] : [],
    );
    expect(recorded).toHaveLength(2);
    expect(maya.named('create').map(({ reference }) => reference)).toEqual(recorded);
  });
});

describe('execute', () => {
  test('C12: a result without some echoes is taken, and the log names them', async () => {
    const { tap, payment } = await shopper();
    maya.script.execute.push(({ id }) => Response.json({ id, status: 'APPROVED' }));
    await (await tap()).settled;
    const { id, state } = await payment();
    expect(state).toBe('approved');
    const line = rig.lines.find(
      ({ event, payment: named }) => event === 'payment.echo_missing' && named === id,
    );
    expect(line).toMatchObject({ attempt: 1, reason: 'amount currency p2mId requestReferenceNumber' });
  });

  test('C16: never connected is repeated until pay_by, then nothing was charged', async () => {
    const { order, tap, payment } = await shopper();
    const sentAt: number[] = [];
    const noted: Answer = (call, fake) => {
      sentAt.push(rig.test.clock.now());
      return notConnected(call, fake);
    };
    maya.script.execute.push(...Array.from({ length: 30 }, () => noted));
    const { settled } = await tap();
    await drive(rig.test, settled, 1_000);
    await rig.test.advance(60_000);
    const { id, provider_id, pay_by } = await payment();
    await follow(rig.deps, id);
    expect(sentAt.length).toBeGreaterThan(2);
    expect(sentAt.length).toBeLessThan(30);
    expect(Math.max(...sentAt)).toBeLessThanOrEqual(pay_by ?? 0);
    expect(new Set(maya.named('execute').map((call) => call.id))).toEqual(new Set([provider_id]));
    expect(await payment()).toMatchObject({ state: 'failed', reason: 'not_connected' });
    expect((await orderRow(rig.deps, order.id)).claim).toBeNull();
  });

  test('C19, D3: an answer is kept in memory until the store is back', async () => {
    const { session, order, payment } = await shopper();
    let away = false;
    let refusals = 0;
    const { store } = rig.deps;
    const flaky = {
      ...rig.deps,
      store: {
        ...store,
        transaction: ((work) => {
          if (!away) return store.transaction(work);
          refusals += 1;
          if (refusals === 4) away = false;
          return Promise.reject(new Error('gone'));
        }) as typeof store.transaction,
      },
    };
    maya.script.execute.push((call) => {
      away = true;
      return maya.well(call);
    });
    const { settled } = await pay(flaky, session, order.id, order.version);
    await driveUntil(rig.test, () => refusals === 4);
    expect((await payment()).state).toBe('executing');
    await drive(rig.test, settled);
    expect((await payment()).state).toBe('approved');
    expect(maya.named('execute')).toHaveLength(1);
  });

  test('B6: tokens that ended at execute are renewed and the same id is executed', async () => {
    const { tap, payment } = await shopper();
    maya.script.execute.push(code(401, 'invalid_token'));
    await (await tap()).settled;
    const paid = await payment();
    expect(paid.state).toBe('approved');
    const [first, second] = maya.named('execute');
    expect(second?.id).toBe(first?.id);
    expect(second?.reference).not.toBe(first?.reference);
    expect(second?.headers['X-Authorization']).not.toBe(first?.headers['X-Authorization']);
    expect(maya.named('create')).toHaveLength(1);
  });

  test('C26: declined; a new payment of the same order is possible', async () => {
    const { session, order, tap } = await shopper();
    maya.script.execute.push((call, fake) => fake.result(call, 'DECLINED'));
    await (await tap()).settled;
    const { version, claim } = await orderRow(rig.deps, order.id);
    expect([version, claim]).toEqual([3, null]);
    expect((await tap()).tap).toEqual({ kind: 'refused', reason: 'order_changed' });
    await (await pay(rig.deps, session, order.id, version)).settled;
    expect((await paymentsOf(rig.deps, order.id)).map(({ state }) => state)).toEqual([
      'declined',
      'approved',
    ]);
  });

  test('a time-out that charged: unknown, then approved by the repeat of the same id', async () => {
    const { tap, payment } = await shopper();
    maya.script.execute.push(hang, code(400, 'PY0010'));
    const { settled } = await tap();
    await driveUntil(rig.test, payment, ({ version }) => version === 4);
    expect((await payment()).state).toBe('executing');
    await drive(rig.test, settled);
    expect(await payment()).toMatchObject({ state: 'approved', confirmed_by: 'PY0010' });
    expect(new Set(maya.named('execute').map(({ id }) => id)).size).toBe(1);
  });
});
