import { openStore, type Store } from '#lib/db/store.ts';
import { importRows, makeRows, makeTrouble } from './payout-file.ts';
import { type Judged, judge } from './payout-judge.ts';
import { beginLife } from './payout-life.ts';
import { makePayers, openPayoutStage, type PayoutStage } from './payout-stage.ts';
import { seededRandom } from './random.ts';

const CUSTOMERS = 8;

export type ChaosOptions = {
  /** A migrated store of its own. */
  databaseUrl: string;
  rows: number;
  /** How many processes are killed before the rest live to the end. */
  kills: number;
  seed: number;
  tell: (line: string) => void;
};

/** A batch that waits to be sent. */
export type Sending = ChaosOptions & {
  stage: PayoutStage;
  watch: Store;
  batchId: string;
  random: () => number;
  /** What the whole batch comes to; the balance is half of it at first. */
  totalCentavos: number;
};

/** How many were killed, by what: `SIGKILL`, or the point at which they died. */
export type Kills = Record<string, number>;

export type ChaosReport = Judged & {
  kills: Kills;
  tookMs: number;
  batchStops: number;
  violations: string[];
};

/**
 * Sends a file of payouts through the real simulator over TCP while processes are killed, with every kind of trouble and a
 * balance that runs out once; then compares what was really paid with what is on record.
 *
 * @param send sends it and looks after it until every payout has its end, or it gives up
 */
export async function runPayoutChaos(
  options: ChaosOptions,
  send: (sending: Sending) => Promise<Kills>,
): Promise<ChaosReport> {
  const { databaseUrl, rows, tell } = options;
  const random = seededRandom(options.seed);
  const started = Date.now();
  const stage = await openPayoutStage(databaseUrl);
  const watch = openStore(databaseUrl);
  try {
    const first = await beginLife(stage.settings, Number.POSITIVE_INFINITY);
    stage.hear(first.answer);
    const customers = await makePayers(stage, first.deps, CUSTOMERS);
    const wanted = makeRows(rows, customers, random);
    const batchId = await importRows(first.deps, wanted);
    first.kill();
    makeTrouble(stage.simulator, wanted);
    const totalCentavos = wanted.reduce((sum, { centavos }) => sum + centavos, 0);
    stage.simulator.ecommpay.changeSettings({ payoutBalanceCentavos: Math.floor(totalCentavos / 2) });
    tell(`${rows} payouts recorded; sending`);

    const kills = await send({ ...options, stage, watch, batchId, random, totalCentavos });
    const judged = await judge(stage.simulator, watch, wanted);
    const violations = stage.simulator.ecommpay.violations().map(({ kind, detail }) => `${kind}: ${detail}`);
    return {
      ...judged,
      kills,
      batchStops: await countStops(watch),
      violations,
      tookMs: Date.now() - started,
    };
  } finally {
    await watch.close();
    await stage.close();
  }
}

async function countStops({ db }: Store): Promise<number> {
  const { times } = await db
    .selectFrom('alarms')
    .select((eb) => eb.fn.sum<number | null>('times').as('times'))
    .where('kind', '=', 'payout_batch_stopped')
    .executeTakeFirstOrThrow();
  return Number(times ?? 0);
}
