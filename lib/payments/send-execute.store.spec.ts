import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { asleepAt } from '#e2e/rig/asleep.ts';
import { drive } from '#e2e/rig/drive.ts';
import { code, FakeMaya, reset } from '#e2e/rig/fake-maya.ts';
import { alarms, history, onlyPayment, orderRow, paymentsOf } from '#e2e/rig/payments.ts';
import { makeOrder, makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { findOrder } from '../orders/order.ts';
import { pay } from './pay.ts';
import { loadEvents } from './payment.ts';
import { settleOnce } from './settle.ts';
import { askAgain, decide } from './staff.ts';
import { LEASE_MS, PAY_BY_MS, SEND_UNASKED_MS, SEND_WITHIN_MS } from './timing.ts';

let maya: FakeMaya;
let rig: Rig;
beforeAll(async () => {
  rig = await makeRig((url, init) => maya.fetch(url, init));
});
afterAll(() => rig.close());
beforeEach(() => {
  maya = new FakeMaya();
});

const executes = () => maya.named('execute').length;

/** A process that stands still renews no lease. */
const loseLease = (paymentId: string) =>
  rig.deps.store.db
    .updateTable('payments')
    .set({ lease_until: 0, lease_by: 'somebody else' })
    .where('id', '=', paymentId)
    .execute();

/** The same, and nobody has taken it since. */
const letLeaseLapse = (paymentId: string) =>
  rig.deps.store.db.updateTable('payments').set({ lease_until: 0 }).where('id', '=', paymentId).execute();

/** A tap whose process stands still between recording the first execute and sending it. */
async function tapAsleep() {
  const session = await makeSession(rig.deps, { expiresInMs: 60 * 60_000 });
  const order = await makeOrder(rig.deps, session);
  const process = asleepAt(rig, 'execute.recorded');
  const { settled } = await pay(process.deps, session, order.id, order.version);
  await process.arrived;
  const { id } = await onlyPayment(rig.deps, order.id);
  return { session, order, id, process, settled };
}

async function decidedNotCharged(id: string, version: number): Promise<void> {
  const staff = { actor: 'ana', evidence: 'Maya Manager: no such payment' };
  const decided = await decide({ ...rig.deps, executeTimeoutMs: 60_000 }, id, 'not_charged', version, staff);
  expect(decided).toMatchObject({ state: 'failed', confirmedBy: 'staff' });
}

describe('C28: whoever stood still between recording an execute and sending it', () => {
  test('sends nothing after a person decided and the customer paid again', async () => {
    const { session, order, id, process, settled } = await tapAsleep();
    await loseLease(id);
    await rig.test.advance(103_000);
    await decidedNotCharged(id, (await onlyPayment(rig.deps, order.id)).version);
    const again = await findOrder(rig.deps.store.db, order.id, session);
    await drive(rig.test, (await pay(rig.deps, session, order.id, again?.version ?? 0)).settled);
    expect(executes()).toBe(1);
    process.wake();
    await drive(rig.test, settled);
    expect(executes()).toBe(1);
    const [first, second] = await paymentsOf(rig.deps, order.id);
    expect(first).toMatchObject({ state: 'failed', confirmed_by: 'staff' });
    expect(second).toMatchObject({ state: 'approved' });
    expect(await orderRow(rig.deps, order.id)).toMatchObject({ paid_by: second?.id });
    expect(await alarms(rig.deps, id)).toEqual([]);
  });

  test('does not send, and begins anew with a lease of its own', async () => {
    const { id, order, process, settled } = await tapAsleep();
    await loseLease(id);
    await rig.test.advance(SEND_UNASKED_MS + 1);
    process.wake();
    await drive(rig.test, settled);
    const facts = (await history(rig.deps, id)).filter((fact) => fact.startsWith('execute_'));
    expect(facts).toEqual(['execute_attempt 1', 'execute_answer 1', 'execute_attempt 2', 'execute_answer 2']);
    expect(executes()).toBe(1);
    expect(await onlyPayment(rig.deps, order.id)).toMatchObject({
      state: 'approved',
      confirmed_by: 'provider',
    });
  });

  test('sends where nobody took over', async () => {
    const { order, process, settled } = await tapAsleep();
    await rig.test.advance(SEND_UNASKED_MS + 1);
    process.wake();
    await drive(rig.test, settled);
    expect(executes()).toBe(1);
    expect(await onlyPayment(rig.deps, order.id)).toMatchObject({
      state: 'approved',
      confirmed_by: 'provider',
    });
  });

  test('C28, D3: charges nothing later where the store cannot tell whether it still may', async () => {
    const { order, id, process, settled } = await tapAsleep();
    await rig.test.advance(SEND_UNASKED_MS + 1);
    const broken = vi.spyOn(rig.deps.store.db, 'selectFrom').mockImplementationOnce(() => {
      throw new Error('the store is gone');
    });
    process.wake();
    await expect.poll(async () => (await history(rig.deps, id)).length).toBe(4);
    expect(broken).toHaveBeenCalled();
    expect(rig.logText()).toContain('payment.not_sent');
    await loseLease(id);
    await rig.test.advance(PAY_BY_MS);
    await drive(rig.test, settled);
    expect(executes()).toBe(0);
    expect(await onlyPayment(rig.deps, order.id)).toMatchObject({ state: 'failed', reason: 'not_connected' });
  });

  test('asks once more at a person’s wish, however late', async () => {
    const { order, id, process: first, settled } = await tapAsleep();
    maya.script.execute.push(reset, code(400, 'PY0105'), code(400, 'PY0105'), code(400, 'PY0105'));
    first.wake();
    await drive(rig.test, settled);
    for (let look = 0; look < 4; look += 1) {
      await rig.test.advance(60_000);
      await drive(rig.test, settleOnce(rig.deps, id, { ignoreDue: true }));
    }
    expect(await onlyPayment(rig.deps, order.id)).toMatchObject({ state: 'review', reason: 'undecided' });
    const before = executes();
    const staff = { actor: 'ana', evidence: 'asked by the customer' };
    expect(await askAgain({ ...rig.deps, executeTimeoutMs: 60_000 }, id, staff)).toBe('asked');
    const process = asleepAt(rig, 'settle.recorded');
    const settling = settleOnce(process.deps, id, { ignoreDue: true });
    await process.arrived;
    // Nobody else takes it meanwhile.
    const { lease_until: until, version } = await onlyPayment(rig.deps, order.id);
    expect(until).toBeGreaterThan(rig.test.clock.now());
    const decided = await decide({ ...rig.deps, executeTimeoutMs: 60_000 }, id, 'charged', version, staff);
    expect(decided).toBe('busy');
    await rig.test.advance(SEND_UNASKED_MS + 1);
    process.wake();
    await drive(rig.test, settling);
    expect(executes()).toBe(before + 1);
    expect(await onlyPayment(rig.deps, order.id)).toMatchObject({ state: 'approved' });
  });

  test('repeats nothing once its lease has lapsed, although nobody took it yet', async () => {
    const { order, id, process: first, settled } = await tapAsleep();
    maya.script.execute.push(...Array.from({ length: 6 }, () => reset));
    first.wake();
    await drive(rig.test, settled);
    await rig.test.advance(60_000);
    const before = executes();
    const process = asleepAt(rig, 'settle.recorded');
    const settling = settleOnce(process.deps, id, { ignoreDue: true });
    await process.arrived;
    await letLeaseLapse(id);
    await rig.test.advance(LEASE_MS);
    process.wake();
    await drive(rig.test, settling);
    expect(executes()).toBe(before);
    expect(await onlyPayment(rig.deps, order.id)).toMatchObject({ state: 'executing' });
  });

  test('sends nothing very late, whatever the store says: how long a request may be under way is counted from its record', async () => {
    const { order, id, process, settled } = await tapAsleep();
    for (let waited = 0; waited <= SEND_WITHIN_MS; waited += 1_000) await rig.test.advance(1_000);
    const row = await onlyPayment(rig.deps, order.id);
    await rig.deps.store.db
      .updateTable('payments')
      .set({ lease_until: row.lease_until + 60_000 })
      .where('id', '=', id)
      .execute();
    process.wake();
    await drive(rig.test, settled);
    const [first, ...others] = await loadEvents(rig.deps.store.db, id).then((events) =>
      events.flatMap(({ fact }) => (fact.kind === 'execute_answer' ? [fact.outcome] : [])),
    );
    expect(first).toEqual({ kind: 'not_connected', reason: 'not_allowed' });
    expect(others).toMatchObject([{ kind: 'approved' }]);
    expect(executes()).toBe(1);
  });

  test('repeats nothing after a person decided', async () => {
    const { order, id, process: first, settled } = await tapAsleep();
    maya.script.execute.push(reset);
    await loseLease(id);
    const process = asleepAt(rig, 'settle.recorded');
    const settling = settleOnce(process.deps, id, { ignoreDue: true });
    await process.arrived;
    await loseLease(id);
    await rig.test.advance(103_000);
    await decidedNotCharged(id, (await onlyPayment(rig.deps, order.id)).version);
    process.wake();
    first.wake();
    await drive(rig.test, Promise.all([settling, settled]));
    expect(executes()).toBe(0);
    expect(await onlyPayment(rig.deps, order.id)).toMatchObject({ state: 'failed', confirmed_by: 'staff' });
  });
});
