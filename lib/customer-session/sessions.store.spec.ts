import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { sha256Hex } from '../base/ids.ts';
import { type EndReason, endSession, findSession } from './sessions.ts';
import { handOff, rowOf, tokensOf } from './spec-helpers.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await makeRig(() => Promise.reject(new Error('nobody is called')));
});
afterAll(() => rig.close());

const find = (row: string) => findSession(rig.deps.store.db, row);

describe('whose request this is', () => {
  test('nobody, where there is no such session', async () => {
    expect(await find(rig.deps.ids.key())).toBeNull();
    expect(await find('not even a key')).toBeNull();
  });

  test('nobody, while its id was not redeemed', async () => {
    const hash = sha256Hex(await handOff(rig.deps));
    const { id } = await rig.deps.store.db
      .selectFrom('sessions')
      .select('id')
      .where('session_id_hash', '=', hash)
      .executeTakeFirstOrThrow();
    expect(await find(id)).toBeNull();
  });

  test('a customer, with what is known of him and none of his tokens', async () => {
    const session = await makeSession(rig.deps, { customerId: 'maria' });
    expect(await find(session.row)).toEqual({
      row: session.row,
      customerId: 'maria',
      accountHolder: null,
      replacedRow: null,
      live: true,
    });
  });

  test.each<EndReason>(['refused', 'idle', 'seal', 'other_customer'])(
    'a session that is over (%s) still shows its own orders, and pays nothing',
    async (reason) => {
      const session = await makeSession(rig.deps);
      await endSession(rig.deps, session.row, reason);
      expect(await find(session.row)).toEqual({ ...session, live: false });
    },
  );

  test('A12: nobody, where a newer launch replaced it', async () => {
    const session = await makeSession(rig.deps);
    await endSession(rig.deps, session.row, 'replaced');
    expect(await find(session.row)).toBeNull();
  });
});

describe('ending a session', () => {
  test('the first reason stands, with its time', async () => {
    const session = await makeSession(rig.deps);
    const endedAt = rig.test.clock.now();
    await endSession(rig.deps, session.row, 'replaced');
    await rig.test.advance(1_000);
    await endSession(rig.deps, session.row, 'refused');
    expect(await rowOf(rig.deps, session.row)).toMatchObject({ ended_at: endedAt, end_reason: 'replaced' });
    const told = rig.lines.filter((line) => line.account === session.row);
    expect(told).toMatchObject([{ event: 'session.ended', reason: 'replaced' }]);
  });

  test('B12: its tokens stay where they are', async () => {
    const session = await makeSession(rig.deps);
    const before = await tokensOf(rig.deps, session.row);
    await endSession(rig.deps, session.row, 'idle');
    expect(await tokensOf(rig.deps, session.row)).toEqual(before);
  });

  test('touches nobody else', async () => {
    const [one, other] = [await makeSession(rig.deps), await makeSession(rig.deps)];
    await endSession(rig.deps, one.row, 'idle');
    expect(await find(other.row)).toMatchObject({ live: true });
  });
});
