import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Insertable } from 'kysely';
import type { Database } from '#lib/db/schema.ts';
import { sign } from '#lib/ecommpay/signature.ts';
import { payForm, visit } from '../built/outside-run.ts';
import { openStage, type Stage, type StageEngine } from '../built/stage.ts';
import { makeDatabase } from '../rig/postgres.ts';
import type { Baseline } from './baseline-server.ts';
import { median } from './numbers.ts';
import { postEach } from './run-load.ts';
import type { ThroughputRow } from './session-url.ts';

/** Until the code that runs is compiled. */
const WARM_UP = 4_000;
const ROUNDS = 6;
const EACH_ROUND = 2_000;
const DAY_MS = 86_400_000;

/** Rows of one statement: PostgreSQL takes no more than 65,535 values. */
const BATCH = 500;

/**
 * Callbacks a second: authentic ones, each the success of another payment that waits for it, signed beforehand; against
 * a minimal route handler that puts the same bodies away with one durable insert. The two in turn, so that a noisy
 * moment meets both. Ours also delivers the orders' events meanwhile, as it does in life; the baseline has the machine
 * for itself.
 *
 * @throws Error where a callback was not answered 200, or a payment is not approved in the end
 */
export async function measureCallbacks(engine: StageEngine, app: Baseline): Promise<ThroughputRow> {
  const folder = mkdtempSync(join(tmpdir(), 'mini-app-bench-'));
  const database = engine === 'postgres' ? await makeDatabase() : undefined;
  const baseline = await app.start(database?.url ?? `file:${join(folder, 'baseline.db')}`);
  const stage = await openStage(engine, { rail: 'page' });
  try {
    const template = await openPayment(stage);
    const addresses = {
      ours: `${stage.appUrl}/api/ecommpay/callback`,
      baseline: `${baseline.url}/api/insert`,
    };
    const bodies = join(folder, 'bodies.txt');
    let posted = 0;
    const round = async (count: number, order: readonly ('ours' | 'baseline')[]) => {
      const ids = await copies(stage, template, count);
      writeFileSync(bodies, ids.map((id) => success(stage, template, id)).join('\n'));
      posted += count;
      const rates = { ours: 0, baseline: 0 };
      for (const which of order) {
        rates[which] = await postEach(addresses[which], bodies);
        await nothingUndelivered(stage);
      }
      return rates;
    };
    await round(WARM_UP, ['ours', 'baseline']);
    const rates = [];
    for (let number = 0; number < ROUNDS; number += 1)
      rates.push(await round(EACH_ROUND, number % 2 === 0 ? ['baseline', 'ours'] : ['ours', 'baseline']));
    const approved = await countApproved(stage);
    if (approved !== posted) throw new Error(`${posted} successes, but ${approved} payments approved`);
    return {
      store: engine,
      baseline: median(rates.map((rate) => rate.baseline)),
      ours: median(rates.map((rate) => rate.ours)),
      ratio: median(rates.map((rate) => rate.ours / rate.baseline)),
    };
  } finally {
    await stage.close();
    await baseline.stop();
    await database?.drop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const TABLES = ['orders', 'payments', 'payment_events', 'ecommpay_sales'] as const;
type Table = (typeof TABLES)[number];

/** The rows of one payment that waits for its success. */
type Template = { order: string; payment: string; amountCentavos: number; rows: [Table, object][] };

/** By the front door: a visitor orders and taps Pay. */
async function openPayment(stage: Stage): Promise<Template> {
  const customer = await visit(stage, 'page');
  const [address, form] = payForm(customer);
  await customer.browser.open(address, form);
  await customer.browser.close();
  const { db } = stage.store;
  const { order } = customer;
  const payment = await db
    .selectFrom('payments')
    .selectAll()
    .where('order_id', '=', order)
    .executeTakeFirstOrThrow();
  const orderRow = await db
    .selectFrom('orders')
    .selectAll()
    .where('id', '=', order)
    .executeTakeFirstOrThrow();
  const of = { payment_id: payment.id };
  const events = await db
    .selectFrom('payment_events')
    .selectAll()
    .where('payment_id', '=', of.payment_id)
    .execute();
  const sale = await db
    .selectFrom('ecommpay_sales')
    .selectAll()
    .where('payment_id', '=', of.payment_id)
    .executeTakeFirstOrThrow();
  return {
    order,
    payment: payment.id,
    amountCentavos: payment.amount_centavos,
    rows: [
      ['orders', orderRow],
      // Nobody asks for the status meanwhile.
      ['payments', { ...payment, next_ask_at: payment.opened_at + DAY_MS }],
      ...events.map((event): [Table, object] => ['payment_events', event]),
      ['ecommpay_sales', sale],
    ],
  };
}

let lastCart = 1_000_000;

/** As many payments like it, each of an order of its own. @returns their ids */
async function copies({ store }: Stage, template: Template, count: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const batch = Array.from({ length: Math.min(BATCH, count - ids.length) }, () => {
      lastCart += 1;
      return { payment: randomUUID(), order: randomUUID(), cart: lastCart };
    });
    await store.transaction(async (tx) => {
      for (const [table, row] of template.rows) {
        const text = JSON.stringify(row);
        const made = batch.map(({ payment, order, cart }) => {
          const copied = JSON.parse(
            text.replaceAll(template.payment, payment).replaceAll(template.order, order),
          ) as object;
          return table === 'orders' ? { ...copied, cart_version: cart } : copied;
        });
        await tx
          .insertInto(table)
          .values(made as Insertable<Database[Table]>[])
          .execute();
      }
    });
    ids.push(...batch.map(({ payment }) => payment));
  }
  return ids;
}

let lastOperation = 0;

/** As ECommPay writes it (contract 7.1). */
function success({ secrets }: Stage, { amountCentavos }: Template, payment: string): string {
  lastOperation += 1;
  const sum = { amount: amountCentavos, currency: 'PHP' };
  const date = '2026-01-15T08:05:11+0000';
  const tree = {
    project_id: secrets.ecommpayProjectId,
    payment: { id: payment, type: 'purchase', status: 'success', date, method: 'PayMaya wallet', sum },
    account: { number: '1234' },
    operation: {
      id: 10_000_000 + lastOperation,
      type: 'sale',
      status: 'success',
      date,
      created_date: date,
      request_id: `${payment.replaceAll('-', '')}-00000001`,
      sum_initial: sum,
      sum_converted: sum,
      code: '0',
      message: 'Success',
      provider: { id: 1_297, payment_id: String(lastOperation), auth_code: '', endpoint_id: 'PYMY', date },
    },
  };
  return JSON.stringify({ ...tree, signature: sign(tree, secrets.ecommpaySecret) });
}

async function nothingUndelivered({ store }: Stage): Promise<void> {
  for (;;) {
    const event = await store.db
      .selectFrom('outbox')
      .select('id')
      .where('delivered_at', 'is', null)
      .executeTakeFirst();
    if (!event) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function countApproved({ store }: Stage): Promise<number> {
  const { count } = await store.db
    .selectFrom('payments')
    .select((eb) => eb.fn.countAll<number | string>().as('count'))
    .where('state', '=', 'approved')
    .executeTakeFirstOrThrow();
  return Number(count);
}
