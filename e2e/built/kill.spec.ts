import { describe, type TestContext, test } from 'vitest';
import type { FaultPoint } from '#lib/base/fault-points.ts';
import { CRASH_POINTS } from '../chaos/crash-points.ts';
import { diskFull } from '../chaos/disturbances/disk-full.ts';
import type { Disturbance } from '../chaos/disturbances/disturbance.ts';
import { network } from '../chaos/disturbances/network.ts';
import { commitLost, postgresGone } from '../chaos/disturbances/postgres.ts';
import { sigterm, TERMINATED } from '../chaos/disturbances/sigterm.ts';
import { zombie } from '../chaos/disturbances/zombie.ts';
import { killRound } from '../chaos/kill-round.ts';
import { onOne } from './on-one-store.ts';
import { freshCustomer, goToCheckout, openStage, type StageEngine } from './stage.ts';

/** A taste of `npm run chaos:kill`: one round each. Where it dies, and how the payment that met it must end. */
const POINTS: [FaultPoint, string][] = [
  ['pay.opened', 'failed'],
  ['create.answered', 'failed'],
  ['execute.recorded', 'approved'],
  ['execute.answered', 'approved'],
  ['execute.saved', 'approved'],
  ['settle.leased', 'approved'],
  ['settle.recorded', 'approved'],
  ['settle.answered', 'approved'],
  ['settle.saved', 'approved'],
  ['outbox.leased', 'approved'],
  ['outbox.consumed', 'approved'],
  ['refresh.answered', 'approved'],
  ['refresh.saved', 'approved'],
];

async function open(engine: StageEngine, onTestFinished: TestContext['onTestFinished']) {
  const stage = await openStage(engine, { servers: 0 });
  stage.simulator.maya.changeSettings({ repeatAfterDeclined: 'code' });
  onTestFinished(() => stage.close());
  return stage;
}

describe.concurrent.each(['sqlite', 'postgres'] as const)('K, on %s: SIGKILL at', (engine) => {
  test.for(onOne(engine, POINTS))(
    'C20: %s, and that payment is %s in the end',
    async ([point, end], { expect, onTestFinished }) => {
      const crash = CRASH_POINTS.find((candidate) => candidate.point === point);
      if (!crash) throw new Error(`${point} stands in no matrix`);
      const stage = await open(engine, onTestFinished);
      const { tally, faults } = await killRound(stage, crash, 0, 1);
      expect(faults).toEqual([]);
      expect(tally).toMatchObject({ kills: 1, double: 0, lost: 0, stuck: 0, wrong: 0, reviews: 0 });
      const first = await stage.store.db
        .selectFrom('payments')
        .select('state')
        .orderBy('id')
        .executeTakeFirst();
      expect(first?.state).toBe(end);
    },
  );
});

const SMALL = { crowd: 2, outageMs: 3_000 };

describe.concurrent('K, N, M: it goes wrong, and the books are right afterwards', () => {
  test.for<[string, StageEngine, Disturbance, number]>([
    ['D9: SIGTERM in the middle of an execute', 'sqlite', sigterm, 0],
    ['C28, D10: a process stands still with an answer in its hands', 'sqlite', zombie, 0],
    ['C28, D10: a process stands still before it asks again', 'postgres', zombie, 1],
    ['D5: the disk is full', 'sqlite', diskFull, 0],
    ['D1: PostgreSQL is gone when a payment is opened', 'postgres', postgresGone, 0],
    ['D3, C19: PostgreSQL is gone when an execute is answered', 'postgres', postgresGone, 2],
    ['D4: the answer of the first execute’s commit is lost', 'postgres', commitLost, 1],
    ['C13, C17, C18: the line to Maya breaks at random bytes', 'sqlite', network, 0],
  ])('%s, on %s', async ([, engine, disturbance, number], { expect, onTestFinished }) => {
    const stage = await open(engine, onTestFinished);
    const { tally, faults } = await disturbance.round(stage, number, SMALL);
    expect(faults).toEqual([]);
    expect(tally).toMatchObject({ kills: 1, double: 0, lost: 0, stuck: 0, wrong: 0, missed: 0 });
  });

  test('D9: SIGTERM while Maya keeps silent: after 30 s the rest is left to the next process', async ({
    expect,
    onTestFinished,
  }) => {
    const stage = await open('sqlite', onTestFinished);
    const { maya } = stage.simulator;
    maya.changeSettings({ hangMs: 120_000 });
    const before = await stage.startServer({ MAYA_EXECUTE_TIMEOUT_MS: '90000' });
    const customer = freshCustomer();
    const webview = await stage.launch(customer, { scenario: 'execute-timeout-charged' });
    await goToCheckout(webview);
    const tap = webview.submit(/^Pay /).catch(() => undefined);
    await expect.poll(() => maya.ledger(customer).debits.length, { timeout: 20_000 }).toBe(1);
    before.signal('SIGTERM');
    const [{ code, signal }] = await Promise.all([before.gone, tap]);
    expect([0, TERMINATED, 'SIGTERM']).toContain(code ?? signal);
    expect(before.output.join('\n')).toContain('process.drain_timeout');
    const stateOf = async () =>
      (await stage.store.db.selectFrom('payments').select('state').executeTakeFirstOrThrow()).state;
    expect(await stateOf()).toBe('executing');
    await stage.startServer();
    await expect.poll(stateOf, { timeout: 30_000 }).toBe('approved');
    expect(maya.ledger(customer).debits).toHaveLength(1);
  });
});
