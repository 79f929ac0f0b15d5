import { Readable } from 'node:stream';
import { csvLine } from '#lib/base/csv.ts';
import { openStore, type Store } from '#lib/db/store.ts';
import { importPayouts } from '#lib/payouts/import-payouts.ts';
import { sendBatch, sendOne } from '#lib/payouts/send-batch.ts';
import { decide } from '#lib/payouts/staff.ts';
import { type Judged, judge } from './payout-judge.ts';
import { beginLife, type Life } from './payout-life.ts';
import { eventually, makePayers, openPayoutStage, type PayoutStage } from './payout-stage.ts';

const CUSTOMERS = 8;

/** What becomes of some of the payouts, one in `EVERY`; the others are simply paid. */
const TROUBLES = [
  'answer-lost',
  'answer-reset',
  'answer-500',
  'answer-not-json',
  'answer-other-payment',
  'answer-3041',
  'request-lost',
  'request-500',
  'request-forbidden',
  'callback-before-answer',
  'callback-never',
  'callback-late',
  'callback-twice',
  'callback-out-of-order',
  'callback-forged',
  'payout-decline',
  'payout-decline-account',
  'payout-without-sale',
  'payout-takes-days',
  'payout-internal-error',
  'duplicate-3613',
] as const;
const EVERY = 8;

export type ChaosOptions = {
  /** A migrated store of its own. */
  databaseUrl: string;
  rows: number;
  /** How many processes are killed before one lives to the end. */
  kills: number;
  seed: number;
  tell: (line: string) => void;
};

export type ChaosReport = Judged & {
  kills: number;
  tookMs: number;
  batchStops: number;
  violations: string[];
};

/**
 * Sends a file of payouts through the real simulator over HTTP, in processes that are killed one after the other, with
 * every kind of trouble and a balance that runs out once; then compares what was really paid with what is on record.
 */
export async function runPayoutChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { databaseUrl, rows, tell } = options;
  const random = seeded(options.seed);
  const started = Date.now();
  const stage = await openPayoutStage(databaseUrl);
  const watch = openStore(databaseUrl);
  try {
    const first = await beginLife(stage.settings, Number.POSITIVE_INFINITY);
    stage.hear(first);
    const customers = await makePayers(stage, first.deps, CUSTOMERS);
    const wanted = makeRows(rows, customers, random);
    const batchId = await importRows(first, wanted);
    first.kill();
    for (const [index, { id }] of wanted.entries())
      if (index % EVERY === 0)
        stage.simulator.ecommpay.setScenario({
          payment: id,
          name: TROUBLES[(index / EVERY) % TROUBLES.length],
        });
    const total = wanted.reduce((sum, { centavos }) => sum + centavos, 0);
    stage.simulator.ecommpay.changeSettings({ payoutBalanceCentavos: Math.floor(total / 2) });
    tell(`${rows} payouts recorded; sending`);

    const kills = await sendThroughKills({ ...options, stage, watch, batchId, random, total });
    const judged = await judge(stage.simulator, watch, wanted);
    const violations = stage.simulator.ecommpay.violations().map(({ kind, detail }) => `${kind}: ${detail}`);
    const batchStops = await countStops(watch);
    return { ...judged, kills, batchStops, violations, tookMs: Date.now() - started };
  } finally {
    await watch.close();
    await stage.close();
  }
}

export type Wanted = { id: string; centavos: number; customer: string; number: string };

function makeRows(count: number, customers: readonly string[], random: () => number): Wanted[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `chaos-${index + 1}`,
    centavos: 100 + Math.floor(random() * 500_000),
    customer: customers[index % customers.length] ?? '',
    number: `09${String(Math.floor(random() * 1e9)).padStart(9, '0')}`,
  }));
}

async function importRows({ deps }: Life, wanted: readonly Wanted[]): Promise<string> {
  const head = ['payment_id', 'amount', 'customer_id', 'account_number', 'customer_name', 'ip_address'];
  function* lines() {
    yield csvLine(head);
    for (const { id, centavos, customer, number } of wanted)
      yield csvLine([id, (centavos / 100).toFixed(2), customer, number, 'Juana Dela Cruz', '203.0.113.7']);
  }
  const { rail, keys } = deps.payouts;
  if (!rail) throw new Error('the rail is off');
  const { projectId, payout: limits } = rail.api.settings;
  const { store, ids, log, instance } = deps;
  const { batchId } = await importPayouts(
    { store, ids, log, instance, keys, projectId, limits, defaultIp: undefined },
    Readable.from(lines()),
    {
      mode: 'whole',
      actor: 'chaos',
      onProblem: ({ line, column, reason }) => {
        throw new Error(`line ${line}, ${column}: ${reason}`);
      },
    },
  );
  if (batchId === null) throw new Error('nothing was recorded');
  return batchId;
}

type Sending = ChaosOptions & {
  stage: PayoutStage;
  watch: Store;
  batchId: string;
  random: () => number;
  total: number;
};

/** @returns how many were killed */
async function sendThroughKills(run: Sending): Promise<number> {
  const { stage, watch, tell } = run;
  // Requests, answers, callbacks: a payout passes four fault points or more, so that all kills fall into the sending.
  const between = Math.max(2, Math.floor((run.rows * 2.5) / (run.kills + 1)));
  let kills = 0;
  for (;;) {
    const diesAfter =
      kills < run.kills ? 1 + Math.floor(run.random() * 2 * between) : Number.POSITIVE_INFINITY;
    const life = await beginLife(stage.settings, diesAfter);
    stage.hear(life);
    await Promise.race([finish(run, life), life.death]).catch((error: unknown) => {
      if (!life.isDead()) throw error;
    });
    if (!life.isDead()) {
      life.kill();
      return kills;
    }
    kills += 1;
    const { open } = await openCount(watch);
    tell(`killed ${kills} of ${run.kills}; ${open} payouts are not settled yet`);
  }
}

/** Everything that staff and servers do until every payout is final. */
async function finish({ stage, batchId, total, random, watch }: Sending, life: Life): Promise<void> {
  const { deps } = life;
  for (;;) {
    const sent = await sendBatch(deps, batchId, 'chaos');
    if (sent?.stopped === 'balance')
      stage.simulator.ecommpay.changeSettings({ payoutBalanceCentavos: total * 2 });
    for (const one of await waitingForStaff(deps.store)) await actAsStaff(stage, life, one, random);
    await eventually(async () => {
      const { open, ready } = await openCount(watch);
      return life.isDead() || ready > 0 || open === 0;
    }, 600_000);
    if (life.isDead() || (await openCount(watch)).open === 0) return;
  }
}

type Waiting = { id: string; state: string; version: number };

function waitingForStaff(store: Store): Promise<Waiting[]> {
  return store.db
    .selectFrom('payouts')
    .select(['id', 'state', 'version'])
    .where('state', 'in', ['held', 'review'])
    .execute();
}

/** Sends a duplicate after all, or ends it; and looks into the simulator's books where no machine can know. */
async function actAsStaff(
  stage: PayoutStage,
  { deps }: Life,
  { id, state, version }: Waiting,
  random: () => number,
): Promise<void> {
  // In review, ECommPay does not know it: the same again, for "not paid" would have to wait for days.
  if (state === 'review' || random() < 0.5) {
    await sendOne(deps, id, 'chaos');
    return;
  }
  const isPaid = stage.simulator.ecommpay.ledger().payouts.some(({ paymentId }) => paymentId === id);
  const staff = { actor: 'chaos', evidence: 'the books of the simulator' };
  await decide(
    { ...deps, sendLimitMs: 1_000, limitMs: stage.settings.ECOMMPAY_PAYOUT_LIMIT_SECONDS * 1_000 },
    id,
    isPaid ? 'paid' : 'not_paid',
    version,
    staff,
  );
}

async function openCount({ db }: Store): Promise<{ open: number; ready: number }> {
  const rows = await db
    .selectFrom('payouts')
    .select((eb) => ['state', eb.fn.countAll<number>().as('count')])
    .where('state', 'not in', ['paid', 'declined', 'failed'])
    .groupBy('state')
    .execute();
  const sum = (states: readonly string[]) =>
    rows.filter(({ state }) => states.includes(state)).reduce((total, { count }) => total + Number(count), 0);
  return {
    open: rows.reduce((total, { count }) => total + Number(count), 0),
    ready: sum(['ready', 'held', 'review']),
  };
}

async function countStops({ db }: Store): Promise<number> {
  const { times } = await db
    .selectFrom('alarms')
    .select((eb) => eb.fn.sum<number | null>('times').as('times'))
    .where('kind', '=', 'payout_batch_stopped')
    .executeTakeFirstOrThrow();
  return Number(times ?? 0);
}

/** mulberry32 */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
