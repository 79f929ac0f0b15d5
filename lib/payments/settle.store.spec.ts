import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drive, driveUntil } from '#e2e/rig/drive.ts';
import { type Answer, code, FakeMaya, hang, held, json, reset } from '#e2e/rig/fake-maya.ts';
import { alarms, executeCount, history, onlyPayment, orderRow, paymentsOf } from '#e2e/rig/payments.ts';
import { makeOrder, makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import type { CustomerSession } from '../customer-session/sessions.ts';
import { endSession } from '../customer-session/sessions.ts';
import { follow } from './follow.ts';
import { openPayment } from './open-payment.ts';
import { pay } from './pay.ts';
import { recordExecuteAnswer } from './record-answer.ts';
import { settleOnce } from './settle.ts';
import { askForCustomer } from './sweeper.ts';
import { pauseMs } from './timing.ts';

let maya: FakeMaya;
let rig: Rig;
/** A second process on the same store. */
let other: Rig;

beforeAll(async () => {
  rig = await makeRig((url, init) => maya.fetch(url, init));
  other = await makeRig((url, init) => maya.fetch(url, init), { test: rig.test });
});
afterAll(() => rig.close());
beforeEach(() => {
  maya = new FakeMaya();
});

/** A payment whose process died right after sending its first execute; `answers` meet the repeats. */
async function abandoned(answers: Answer[], session?: CustomerSession) {
  const payer = session ?? (await makeSession(rig.deps));
  const order = await makeOrder(rig.deps, payer);
  // A process that is killed neither records nor sends again.
  const dead = {
    ...rig.deps,
    reach: (point: string) => (point === 'execute.answered' ? new Promise<void>(() => {}) : undefined),
  };
  maya.script.execute.push(reset);
  void pay(dead, payer, order.id, order.version);
  await driveUntil(rig.test, () => maya.named('execute').length > 0, Boolean, 10);
  maya.script.execute.push(...answers);
  const payment = () => onlyPayment(rig.deps, order.id);
  const { id } = await payment();
  await rig.deps.store.db
    .updateTable('payments')
    .set({ lease_until: 0, lease_by: 'dead' })
    .where('id', '=', id)
    .execute();
  return {
    id,
    order,
    session: payer,
    payment,
    settle: () => drive(rig.test, follow(rig.deps, id, { ignoreDue: true })),
  };
}

/** From now on the session's access token has this long to live. */
async function leaveOfToken(session: CustomerSession, ms: number): Promise<void> {
  await rig.deps.store.db
    .updateTable('sessions')
    .set({ access_expires_at: rig.deps.clock.now() + ms })
    .where('id', '=', session.row)
    .execute();
}

describe('C20: killed between the request and saving its answer', () => {
  test.each<[string, Answer[], object]>([
    ['it had not arrived', [], { state: 'approved', confirmed_by: 'provider' }],
    ['C22: it had charged', [code(400, 'PY0010')], { state: 'approved', confirmed_by: 'PY0010' }],
    [
      'C18: HTML, then charged',
      [() => new Response('<h1>502</h1>', { status: 502 }), code(409, 'PY0010')],
      { state: 'approved' },
    ],
    ['a decline with our id', [(call, fake) => fake.result(call, 'DECLINED')], { state: 'declined' }],
    [
      'C12: another id',
      [(call, fake) => fake.result(call, 'APPROVED', { id: 'somebody-elses-id' })],
      { state: 'review', reason: 'execute_mismatch' },
    ],
    [
      'C26: three equal decline codes',
      [code(400, 'PY0105'), code(400, 'PY0105'), code(400, 'PY0105')],
      { state: 'review', reason: 'undecided' },
    ],
    [
      'C25: three times not found',
      [code(404, 'PY0009'), code(404, 'PY0009'), code(404, 'PY0009')],
      { state: 'review', reason: 'undecided' },
    ],
    [
      'a bare 404, then charged',
      [() => new Response('', { status: 404 }), code(400, 'PY0010')],
      { state: 'approved' },
    ],
  ])('%s', async (_name, answers, expected) => {
    const { payment, settle, id } = await abandoned(answers);
    await settle();
    expect(await payment()).toMatchObject(expected);
    const ids = new Set(maya.named('execute').map((call) => call.id));
    expect(ids.size).toBe(1);
    expect(maya.named('create')).toHaveLength(1);
    if ((await payment()).state === 'review')
      expect(await alarms(rig.deps, id)).toContain('payment_in_review');
  });
});

test('C22: MAYA_PY0010=review leaves "already processed" to a person', async () => {
  const careful = await makeRig((url, init) => maya.fetch(url, init), {
    test: rig.test,
    settings: { MAYA_PY0010: 'review' },
  });
  const { payment, id, order } = await abandoned([code(400, 'PY0010')]);
  await drive(rig.test, follow(careful.deps, id, { ignoreDue: true }));
  expect(await payment()).toMatchObject({ state: 'review', reason: 'py0010', asking: 'no' });
  expect((await orderRow(rig.deps, order.id)).claim).toBe(id);
});

test('C24: PY0010 on the very first execute is nobody’s guess', async () => {
  const session = await makeSession(rig.deps);
  const order = await makeOrder(rig.deps, session);
  maya.script.execute.push(code(400, 'PY0010'));
  await drive(rig.test, (await pay(rig.deps, session, order.id, order.version)).settled);
  const payment = await onlyPayment(rig.deps, order.id);
  expect(payment).toMatchObject({ state: 'review', reason: 'py0010_without_execute' });
  expect(await alarms(rig.deps, payment.id)).toEqual(['payment_in_review', 'py0010_without_execute']);
});

test('C17: the next look comes 0.5, 1, 2, 5, 10 and 30 seconds after an attempt, then every minute or so', async () => {
  const { id, order } = await abandoned([]);
  const pauses: number[] = [];
  for (let look = 0; look < 7; look += 1) {
    maya.script.execute.push(reset);
    const result = await settleOnce(rig.deps, id, { ignoreDue: true });
    pauses.push(result.kind === 'again' ? result.inMs : Number.NaN);
  }
  expect(pauses.slice(0, 5)).toEqual([1_000, 2_000, 5_000, 10_000, 30_000]);
  for (const pause of pauses.slice(5)) {
    expect(pause).toBeGreaterThanOrEqual(48_000);
    expect(pause).toBeLessThanOrEqual(72_000);
  }
  expect(pauseMs(1, 0)).toBe(500);
  const { next_ask_at: next } = await onlyPayment(rig.deps, order.id);
  expect(next - rig.test.clock.now()).toBe(pauses.at(-1) && Math.trunc(pauses.at(-1) ?? 0));
});

test('C39: Retry-After is honoured, with the same id', async () => {
  const { id, payment } = await abandoned([json(429, {}, { 'Retry-After': '7' })]);
  const first = await settleOnce(rig.deps, id, { ignoreDue: true });
  expect(first).toEqual({ kind: 'again', inMs: 7_000 });
  expect(await settleOnce(rig.deps, id, { ignoreDue: false })).toEqual({ kind: 'busy' });
  await rig.test.advance(7_000);
  await settleOnce(rig.deps, id, { ignoreDue: false });
  expect((await payment()).state).toBe('approved');
});

describe('leases', () => {
  test('C28, D10: a process that lost its lease before recording an attempt records and sends nothing', async () => {
    const { id } = await abandoned([]);
    const stalled = {
      ...rig.deps,
      reach: async (point: string) => {
        if (point === 'settle.leased')
          await rig.deps.store.db
            .updateTable('payments')
            .set({ lease_by: 'another' })
            .where('id', '=', id)
            .execute();
      },
    };
    const before = await history(rig.deps, id);
    await settleOnce(stalled, id, { ignoreDue: true });
    expect(await history(rig.deps, id)).toEqual(before);
    expect(maya.named('execute')).toHaveLength(1);
  });

  test('C28, D10: an answer that comes after the lease was lost is kept', async () => {
    const { id, payment } = await abandoned([]);
    const late = held((call, fake) => fake.result(call, 'APPROVED'));
    maya.script.execute.push(late.answer, code(400, 'PY0105'));
    const zombie = settleOnce(rig.deps, id, { ignoreDue: true });
    await late.arrived;
    await rig.deps.store.db
      .updateTable('payments')
      .set({ lease_until: 0, lease_by: 'gone' })
      .where('id', '=', id)
      .execute();
    await settleOnce(other.deps, id, { ignoreDue: true });
    expect(await payment()).toMatchObject({ state: 'executing' });
    late.release();
    await zombie;
    expect(await payment()).toMatchObject({ state: 'approved', confirmed_by: 'provider' });
  });

  test('C27: PY0010 while another execute is open is asked again; its own answer decides', async () => {
    const { id, payment } = await abandoned([]);
    const open = held((call, fake) => fake.result(call, 'DECLINED'));
    maya.script.execute.push(open.answer);
    // Its lease lives: it is open, and nobody else may send. A late answer of an older attempt comes meanwhile.
    const asking = settleOnce(rig.deps, id, { ignoreDue: true });
    await open.arrived;
    const conclusion = await recordExecuteAnswer(other.deps, id, 1, { kind: 'already_processed' });
    expect(conclusion).toMatchObject({ state: 'executing' });
    open.release();
    await asking;
    expect((await payment()).state).toBe('declined');
  });

  test('D18: two processes that settle one payment send once', async () => {
    const { id } = await abandoned([]);
    const results = await Promise.all(
      [rig, other, rig, other].map(({ deps }) => settleOnce(deps, id, { ignoreDue: true })),
    );
    expect(results.filter(({ kind }) => kind === 'busy')).toHaveLength(3);
    expect(await executeCount(rig.deps, id)).toBe(2);
    expect(maya.named('execute')).toHaveLength(2);
  });
});

describe('C14: a tap that its process left before any execute', () => {
  test('is recorded as interrupted, never executed, and the order can be paid again', async () => {
    const session = await makeSession(rig.deps);
    const order = await makeOrder(rig.deps, session);
    const opened = await openPayment(rig.deps, {
      order,
      version: order.version,
      sessionRow: session.row,
      payInMs: 45_000,
    });
    if (typeof opened === 'string') throw new Error(opened);
    expect(await settleOnce(other.deps, opened.id, { ignoreDue: true })).toEqual({ kind: 'busy' });
    await rig.test.advance(5_001);
    await settleOnce(other.deps, opened.id, { ignoreDue: true });
    expect(await onlyPayment(rig.deps, order.id)).toMatchObject({ state: 'failed', reason: 'interrupted' });
    expect(maya.calls).toEqual([]);
    // A page from before it was told that nothing was charged cannot pay it.
    expect((await pay(rig.deps, session, order.id, order.version)).tap).toEqual({
      kind: 'refused',
      reason: 'order_changed',
    });
    const { version } = await orderRow(rig.deps, order.id);
    await drive(rig.test, (await pay(rig.deps, session, order.id, version)).settled);
    expect((await paymentsOf(rig.deps, order.id)).map(({ state }) => state)).toEqual(['failed', 'approved']);
  });
});

describe('whose tokens', () => {
  test('B11, B12: with none left a person decides, and the question is asked again when they are back', async () => {
    const session = await makeSession(rig.deps, { customerId: 'customer-1' });
    const { id, payment } = await abandoned([], session);
    await leaveOfToken(session, -1);
    maya.script.tokens.push(code(400, 'invalid_token'));
    await settleOnce(rig.deps, id, { ignoreDue: true });
    expect(await payment()).toMatchObject({ state: 'review', reason: 'tokens_gone', asking: 'hourly' });
    expect(await alarms(rig.deps, id)).toEqual(['payment_in_review']);
    expect(maya.named('execute')).toHaveLength(1);

    await makeSession(rig.deps, { customerId: 'customer-2' });
    await settleOnce(rig.deps, id, { ignoreDue: true });
    expect(maya.named('execute')).toHaveLength(1);

    const back = await makeSession(rig.deps, {
      customerId: 'customer-1',
      tokens: { accessToken: 'back', refreshToken: 'r' },
    });
    await askForCustomer(rig.deps, 'customer-1');
    await driveUntil(rig.test, payment, ({ state }) => state === 'approved');
    expect(maya.named('execute')[1]?.headers['X-Authorization']).toBe('back');
    expect(await alarms(rig.deps, id)).toEqual([]);
    expect(back.customerId).toBe('customer-1');
  });

  test('a session without a verified customer is never settled with another one’s tokens', async () => {
    const session = await makeSession(rig.deps);
    const { id, payment } = await abandoned([], session);
    await makeSession(rig.deps);
    await leaveOfToken(session, -1);
    maya.script.tokens.push(code(400, 'invalid_token'));
    await settleOnce(rig.deps, id, { ignoreDue: true });
    expect((await payment()).reason).toBe('tokens_gone');
    expect(maya.named('execute')).toHaveLength(1);
  });

  test('B2: a session that is over still settles with the token that is left', async () => {
    const session = await makeSession(rig.deps);
    const { id, payment } = await abandoned([], session);
    await leaveOfToken(session, 30_000);
    await endSession(rig.deps, session.row, 'refused');
    await settleOnce(rig.deps, id, { ignoreDue: true });
    expect((await payment()).state).toBe('approved');
    expect(maya.named('tokens')).toEqual([]);
  });

  test('B7: while the token address is down, pauses grow; it is settled soon after that is back', async () => {
    const { id, payment } = await abandoned([]);
    maya.script.execute.length = 0;
    const fresh = await makeRig((url, init) => maya.fetch(url, init), { test: rig.test });
    const down = Array.from({ length: 200 }, () => json(503, {}));
    maya.script.client_token.push(...down);
    const pauses: number[] = [];
    const look = async () => {
      const result = await drive(
        rig.test,
        settleOnce(fresh.deps, id, { ignoreDue: pauses.length === 0 }),
        10,
      );
      if (result.kind !== 'again') return false;
      pauses.push(result.inMs);
      await rig.test.advance(result.inMs);
      return true;
    };
    for (let waited = 0; waited < 10 * 60_000; waited += pauses.at(-1) ?? 0) await look();
    expect(maya.named('client_token').length).toBeLessThan(80);
    expect(pauses.slice(0, 3).every((pause) => pause < 2_000)).toBe(true);
    // The store's clock may move on between two looks at it.
    const tenths = pauses.map((pause) => Math.round(pause / 100));
    expect(tenths).toEqual([...tenths].sort((a, b) => a - b));
    expect(tenths.at(-1)).toBe(100);
    expect(maya.named('execute')).toHaveLength(1);
    maya.script.client_token.length = 0;
    await look();
    expect((await payment()).state).toBe('approved');
  });

  test('a refused token is renewed before the next look', async () => {
    const { id, payment } = await abandoned([code(401, 'invalid_token')]);
    await settleOnce(rig.deps, id, { ignoreDue: true });
    expect(maya.named('tokens')).toEqual([]);
    await settleOnce(rig.deps, id, { ignoreDue: true });
    expect(maya.named('tokens')).toHaveLength(1);
    expect((await payment()).state).toBe('approved');
  });
});

test('after 24 hours a person decides, and it is asked hourly', async () => {
  const { id, payment } = await abandoned([reset]);
  await rig.test.advance(24 * 3_600_000 + 1);
  maya.script.tokens.length = 0;
  await drive(rig.test, settleOnce(rig.deps, id, { ignoreDue: true }));
  expect(await payment()).toMatchObject({ state: 'review', reason: 'time_cap', asking: 'hourly' });
  expect(await settleOnce(rig.deps, id, { ignoreDue: false })).toEqual({ kind: 'busy' });
  await rig.test.advance(2 * 3_600_000);
  maya.script.execute.push(code(400, 'PY0010'));
  await settleOnce(rig.deps, id, { ignoreDue: false });
  expect(await payment()).toMatchObject({ state: 'approved', confirmed_by: 'PY0010', asking: 'no' });
});

test('C25, C26: codes that decide nothing are asked about soon, however late: Maya is there', async () => {
  const late = Array.from({ length: 7 }, () => reset);
  const { id, payment } = await abandoned([...late, ...Array.from({ length: 3 }, () => code(404, 'PY0009'))]);
  for (let look = 0; look < late.length; look += 1)
    await drive(rig.test, settleOnce(rig.deps, id, { ignoreDue: true }));
  const asked = rig.test.clock.now();
  await drive(rig.test, follow(rig.deps, id, { ignoreDue: true }));
  expect(await payment()).toMatchObject({ state: 'review', reason: 'undecided' });
  expect(rig.test.clock.now() - asked).toBeLessThanOrEqual(60_000);
});

test('an execute that hangs is unanswered when its limit is over, not before', async () => {
  const { id, payment } = await abandoned([hang]);
  const asked = rig.test.clock.now();
  const asking = settleOnce(rig.deps, id, { ignoreDue: true });
  await drive(rig.test, asking, 500);
  expect(rig.test.clock.now() - asked).toBeGreaterThanOrEqual(60_000);
  expect((await payment()).state).toBe('executing');
});
