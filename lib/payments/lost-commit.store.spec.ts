import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { drive } from '#e2e/rig/drive.ts';
import { FakeMaya, json, reset } from '#e2e/rig/fake-maya.ts';
import { history, onlyPayment } from '#e2e/rig/payments.ts';
import { makeOrder, makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import type { Store } from '../db/store.ts';
import { follow } from './follow.ts';
import { pay } from './pay.ts';
import { loadEvents } from './payment.ts';

let maya: FakeMaya;
let rig: Rig;
beforeEach(async () => {
  maya = new FakeMaya();
  rig = await makeRig((url, init) => maya.fetch(url, init));
});
afterEach(() => rig.close());

type Meanwhile = () => Promise<void>;

/** The store, whose answer to the commit of the transaction that first records `key` is lost. */
function losingCommitOf({ store }: { store: Store }, key: string, meanwhile: Meanwhile): Store {
  let lost = false;
  return {
    ...store,
    transaction: async (work) => {
      const result = await store.transaction(work);
      const { length } = await store.db
        .selectFrom('payment_events')
        .select('number')
        .where('key', '=', key)
        .execute();
      if (lost || length === 0) return result;
      lost = true;
      await meanwhile();
      throw new Error('Connection terminated unexpectedly');
    },
  };
}

async function payLosing(key: string, meanwhile: Meanwhile = async () => {}) {
  const session = await makeSession(rig.deps);
  const order = await makeOrder(rig.deps, session);
  const deps = { ...rig.deps, store: losingCommitOf(rig.deps, key, meanwhile) };
  await drive(rig.test, (async () => (await pay(deps, session, order.id, order.version)).settled)());
  return { deps, payment: () => onlyPayment(rig.deps, order.id) };
}

/** References of the attempts on record, by kind. */
async function recorded(paymentId: string, kind: 'create_attempt' | 'execute_attempt'): Promise<string[]> {
  const events = await loadEvents(rig.deps.store.db, paymentId);
  return events.flatMap(({ fact }) => (fact.kind === kind ? [fact.reference] : []));
}

describe('D4: the answer of a commit is lost, and what is on record is sent, once', () => {
  test('of opening', async () => {
    const { payment } = await payLosing('create_attempt:1');
    const { id, state } = await payment();
    expect(state).toBe('approved');
    expect(maya.named('create').map(({ reference }) => reference)).toEqual(
      await recorded(id, 'create_attempt'),
    );
  });

  test('of the second create', async () => {
    maya.script.create.push(json(500, {}));
    const { payment } = await payLosing('create_attempt:2');
    const { id, state } = await payment();
    expect(state).toBe('approved');
    expect(maya.named('create').map(({ reference }) => reference)).toEqual(
      await recorded(id, 'create_attempt'),
    );
  });

  test('of the first execute', async () => {
    const { payment } = await payLosing('execute_attempt:1');
    const { id, state } = await payment();
    expect(state).toBe('approved');
    expect(await history(rig.deps, id)).toEqual([
      'create_attempt 1',
      'create_answer 1',
      'execute_attempt 1',
      'execute_answer 1',
    ]);
    expect(maya.named('execute').map(({ reference }) => reference)).toEqual(
      await recorded(id, 'execute_attempt'),
    );
  });

  test('of the first execute, whose lease lapsed meanwhile: it never left, and nobody begins it after pay_by', async () => {
    const { payment } = await payLosing('execute_attempt:1', () => rig.test.advance(60_000));
    const { id } = await payment();
    expect((await history(rig.deps, id)).slice(2)).toEqual([
      'execute_attempt 1',
      'execute_answer 1',
      'pay_by_passed',
    ]);
    expect(await payment()).toMatchObject({ state: 'failed', reason: 'not_connected' });
    expect(maya.named('execute')).toEqual([]);
  });

  test('of the first execute, missed for twelve seconds by a process that keeps its lease: another one begins', async () => {
    const { payment } = await payLosing('execute_attempt:1', () => rig.test.advance(12_000));
    const { id, state } = await payment();
    expect(state).toBe('approved');
    expect((await history(rig.deps, id)).slice(2)).toEqual([
      'execute_attempt 1',
      'execute_answer 1',
      'execute_attempt 2',
      'execute_answer 2',
    ]);
    const [, second] = await recorded(id, 'execute_attempt');
    expect(maya.named('execute').map(({ reference }) => reference)).toEqual([second]);
  });

  test('of an answer: nothing is asked again', async () => {
    const { payment } = await payLosing('execute_answer:1');
    expect(await payment()).toMatchObject({ state: 'approved', confirmed_by: 'provider' });
    expect(maya.named('execute')).toHaveLength(1);
  });

  test('of a repeat: the same id is repeated once more, under a number of its own', async () => {
    maya.script.execute.push(reset);
    const { deps, payment } = await payLosing('execute_attempt:2');
    const { id } = await payment();
    expect((await payment()).state).toBe('executing');
    await rig.test.advance(6_000);
    await drive(rig.test, follow(deps, id));
    expect((await payment()).state).toBe('approved');
    const [first, , third] = await recorded(id, 'execute_attempt');
    expect(maya.named('execute').map(({ reference }) => reference)).toEqual([first, third]);
  });
});
