import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { alarms } from '#e2e/rig/payments.ts';
import { makeRig, type Rig } from '#e2e/rig/rig.ts';
import { type AlarmKind, raiseAlarm } from '../db/alarms.ts';
import { nowMs } from '../db/store.ts';
import { acknowledgeAlarms, listAlarms } from './alarms.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await makeRig(() => Promise.reject(new Error('nothing is sent')));
});
afterAll(() => rig.close());
beforeEach(() => rig.deps.store.db.deleteFrom('alarms').execute());

const raise = (kind: AlarmKind, subject = 'payment-1') =>
  raiseAlarm(rig.deps, rig.deps.store.db, { kind, subject });
const seenOf = async (subject = 'payment-1') =>
  (await listAlarms(rig.deps.store.db)).find((alarm) => alarm.subject === subject)?.seen ?? 0;
const acknowledge = (seen: number) =>
  acknowledgeAlarms(rig.deps, 'payment-1', seen, { actor: 'ana', evidence: 'looked' }, 'alarm.acknowledge');

describe('E3: an alarm that nobody has seen is closed by nobody', () => {
  test.each<[string, AlarmKind]>([
    ['of another kind', 'second_operation'],
    ['of the same kind', 'money_differs'],
    ['of a kind that was seen to before', 'contradiction'],
  ])('one %s, raised after a person had looked', async (_name, kind) => {
    await raise('contradiction');
    expect(await acknowledge(await seenOf())).toEqual(['contradiction']);
    await raise('money_differs');
    const seen = await seenOf();
    await raise(kind);
    expect(await acknowledge(seen)).toBe('changed');
    expect(await alarms(rig.deps, 'payment-1')).toEqual([...new Set(['money_differs', kind])].sort());
    expect(await acknowledge(await seenOf())).toEqual([...new Set(['money_differs', kind])].sort());
    expect(await alarms(rig.deps, 'payment-1')).toEqual([]);
    expect(await acknowledge(seen + 1)).toBe('none_open');
  });

  test('what is raised about another subject changes nothing', async () => {
    await raise('money_differs');
    await raise('money_differs', 'payment-2');
    const seen = await seenOf();
    await raise('second_operation', 'payment-2');
    expect(await acknowledge(seen)).toEqual(['money_differs']);
    expect(await alarms(rig.deps, 'payment-2')).toEqual(['money_differs', 'second_operation']);
  });

  test('one raised while it is being closed is told as a new one', async () => {
    await raise('money_differs');
    const lines = () => rig.lines.filter(({ event }) => event === 'alarm').length;
    const before = lines();
    const { store } = rig.deps;
    const held = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const closing = store.transaction(async (tx) => {
      await tx
        .updateTable('alarms')
        .set({ acknowledged_at: nowMs, acknowledged_by: 'ana' })
        .where('subject', '=', 'payment-1')
        .execute();
      held.resolve();
      await goOn.promise;
    });
    await held.promise;
    const raised = raise('money_differs');
    // Long enough for it to come to the row that is being closed.
    await new Promise((resolve) => setTimeout(resolve, 50));
    goOn.resolve();
    await Promise.all([closing, raised]);
    expect(await alarms(rig.deps, 'payment-1')).toEqual(['money_differs']);
    expect(lines() - before).toBe(1);
  });

  test('one raised while the others are being closed stays open, or keeps them open', async () => {
    for (let round = 0; round < 20; round += 1) {
      await rig.deps.store.db.deleteFrom('alarms').execute();
      await raise('money_differs');
      const seen = await seenOf();
      await Promise.all([acknowledge(seen), raise('second_operation'), raise('money_differs')]);
      expect(await alarms(rig.deps, 'payment-1')).toEqual(['money_differs', 'second_operation']);
    }
  });
});
