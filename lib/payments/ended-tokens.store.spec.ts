import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drive } from '#e2e/rig/drive.ts';
import { code, FakeMaya } from '#e2e/rig/fake-maya.ts';
import { onlyPayment, orderRow, paymentsOf } from '#e2e/rig/payments.ts';
import { makeOrder, makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { findSession } from '../customer-session/sessions.ts';
import { pay } from './pay.ts';

let maya: FakeMaya;
let rig: Rig;

beforeAll(async () => {
  rig = await makeRig((url, init) => maya.fetch(url, init));
});
afterAll(() => rig.close());
beforeEach(() => {
  maya = new FakeMaya();
});

describe('A17: the tokens had ended when the webview landed', () => {
  async function late() {
    const session = await makeSession(rig.deps, { expiresInMs: -3_600_000 });
    const order = await makeOrder(rig.deps, session);
    return { session, order, tap: () => pay(rig.deps, session, order.id, order.version) };
  }

  test('one refresh, and it is paid', async () => {
    const { order, tap } = await late();
    await drive(rig.test, (await tap()).settled);
    expect((await onlyPayment(rig.deps, order.id)).state).toBe('approved');
    expect(maya.named('tokens')).toHaveLength(1);
  });

  test('the refresh is refused: the session is over, nothing was begun, and the order waits for the next launch', async () => {
    const { session, order, tap } = await late();
    maya.script.tokens.push(code(400, 'invalid_grant'));
    expect((await tap()).tap).toEqual({ kind: 'refused', reason: 'session_over' });
    expect(maya.named('tokens')).toHaveLength(1);
    expect(maya.named('create')).toEqual([]);
    expect(await findSession(rig.deps.store.db, session.row)).toMatchObject({ live: false });
    expect(await paymentsOf(rig.deps, order.id)).toEqual([]);
    expect(await orderRow(rig.deps, order.id)).toMatchObject({ state: 'open', claim: null });
  });
});
