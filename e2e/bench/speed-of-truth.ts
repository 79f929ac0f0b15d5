import { loadEvents } from '#lib/payments/payment.ts';
import { openStage, type Stage, type StageEngine } from '../built/stage.ts';
import { storeNow } from '../chaos/aftermath.ts';
import { Customer } from '../chaos/customer.ts';
import { pause, unsettled, unsettledIds, untilNone } from '../chaos/inspect.ts';
import { arriveThenTap } from '../chaos/kill-round.ts';
import type { ScenarioName } from '../simulator/maya/scenarios/catalogue.ts';
import { momentsOf } from './moments.ts';

/** Answers that tell nothing, charged and not. */
const LOST: readonly ScenarioName[] = [
  'execute-reset-charged',
  'execute-500-charged',
  'execute-502-html',
  'execute-truncated',
  'execute-timeout-uncharged',
];
const UPSTREAM_MS = 50;
const CROWD = 10;
const CROWDS = 8;
const KILLS = 8;
const GIVE_UP_MS = 60_000;

/** Milliseconds each. */
export type Truth = {
  /** From the end of an attempt whose answer was lost to the next look. */
  toNextLook: number[];
  /** From there to the end of the payment, without the time that the simulator took. */
  toResolved: number[];
  /** From the start of a process to the end of each payment that the killed one before had left. */
  afterKill: number[];
};

/** How soon the truth is known again after an answer, or a process, was lost. */
export async function measureSpeedOfTruth(engine: StageEngine): Promise<Truth> {
  const stage = await openStage(engine);
  stage.simulator.maya.changeSettings({ latencyMs: UPSTREAM_MS, repeatAfterDeclined: 'code' });
  try {
    const truth: Truth = { toNextLook: [], toResolved: [], afterKill: [] };
    for (let crowd = 0; crowd < CROWDS; crowd += 1) await loseAnswers(stage, truth);
    for (let kill = 0; kill < KILLS; kill += 1) await loseProcess(stage, truth, kill);
    return truth;
  } finally {
    await stage.close();
  }
}

async function loseAnswers(stage: Stage, truth: Truth): Promise<void> {
  const since = await storeNow(stage);
  await withCrowd(stage, async (busy) => {
    await Promise.all(busy);
    await untilNone(() => unsettled(stage), GIVE_UP_MS);
  });
  for (const { id, provider_id: providerId } of await opened(stage, since)) {
    const { lostAtMs, nextLookAtMs, settledAtMs } = momentsOf(await loadEvents(stage.store.db, id));
    if (lostAtMs === null || nextLookAtMs === null || settledAtMs === null) continue;
    truth.toNextLook.push(nextLookAtMs - lostAtMs);
    truth.toResolved.push(settledAtMs - lostAtMs - upstreamMs(stage, providerId ?? ''));
  }
}

/** What the repeats of this payment took at the simulator. */
function upstreamMs(stage: Stage, providerId: string): number {
  const executes = stage.simulator.maya
    .log()
    .filter(({ call, path }) => call === 'execute' && path.includes(providerId));
  return executes.slice(1).reduce((sum, { tookMs }) => sum + (tookMs ?? 0), 0);
}

async function loseProcess(stage: Stage, truth: Truth, number: number): Promise<void> {
  await withCrowd(stage, async (busy) => {
    await pause(100 + 60 * (number % 8));
    await stage.servers.at(-1)?.kill('SIGKILL');
    await Promise.allSettled(busy);
  });
  const left = await unsettledIds(stage);
  const started = await storeNow(stage);
  await stage.startServer();
  await untilNone(() => unsettled(stage), GIVE_UP_MS);
  for (const id of left) {
    const { settledAtMs } = momentsOf(await loadEvents(stage.store.db, id));
    truth.afterKill.push((settledAtMs ?? Number.POSITIVE_INFINITY) - started);
  }
}

async function withCrowd(stage: Stage, work: (busy: Promise<unknown>[]) => Promise<void>): Promise<void> {
  const customers = Array.from({ length: CROWD }, () => new Customer(stage));
  await work(
    await arriveThenTap(stage, customers, (index) => LOST[index % LOST.length], { tokensEnded: false }),
  );
  await Promise.all(customers.map((customer) => customer.close()));
}

const opened = (stage: Stage, since: number) =>
  stage.store.db
    .selectFrom('payments')
    .select(['id', 'provider_id'])
    .where('opened_at', '>=', since)
    .execute();
