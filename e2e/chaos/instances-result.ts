import type { Stage } from '../built/stage.ts';
import type { Customer } from './customer.ts';
import { judgeBooks, readBooks } from './inspect.ts';
import { MAYA } from './rails.ts';
import { PAID_FOR_NOTHING } from './shopper.ts';
import type { OrderFacts } from './verdict.ts';

/** How Maya means "already processed", and how the app takes it. */
export type Reading = { setting: 'approved' | 'review'; repeatAfterDeclined: 'PY0010' | 'code' };

export type InstancesOptions = {
  orders: number;
  instances: number;
  taps: number;
  customersAtOnce: number;
  /** Between two kills, on average; 0: nobody is killed. */
  killEveryMs: number;
  seed: number;
};

export type InstancesResult = {
  orders: number;
  taps: number;
  kills: number;
  creates: number;
  executes: number;
  debits: number;
  expiries: number;
  refreshes: number;
  double: number;
  lost: number;
  stuck: number;
  /** Counted as paid after a decline, since Maya said "already processed" and the app was set to believe it. */
  believed: number;
  reviews: number;
  wrong: string[];
};

/** Who paid, how many of their tokens had ended, and what was not right on the way. */
export type Crowd = { customers: Customer[]; expiries: number; wrong: string[] };

type Counts = Pick<InstancesResult, 'kills' | 'refreshes' | 'reviews'>;

/** Compares both sides' books, once everything that is to happen by itself has happened. */
export async function compare(
  stage: Stage,
  reading: Reading,
  options: InstancesOptions,
  { customers, wrong, ...counts }: Crowd & Counts,
): Promise<InstancesResult> {
  const { maya } = stage.simulator;
  const books = await readBooks(
    stage,
    MAYA,
    customers.map(({ id }) => id),
    0,
  );
  // The one assumption that the promise rests on, broken on purpose.
  const trusting = reading.setting === 'approved' && reading.repeatAfterDeclined === 'PY0010';
  const verdict = judgeBooks(books, trusting);
  const lies = customers.flatMap(({ id, lies }) =>
    lies.filter((lie) => !(trusting && lie === PAID_FOR_NOTHING)).map((lie) => `${id}: ${lie}`),
  );
  const payments = maya.payments();
  const executed = new Map(payments.map((payment) => [payment.id, payment]));
  const executes = payments.reduce((sum, payment) => sum + payment.executes.length, 0);
  const debits = maya.ledger().debits.length;
  const paid = books.orders.filter(({ paidBy }) => paidBy !== null);
  const believed = paid.filter((order) => order.debits.length === 0).length;
  const words = [
    ...wrong,
    ...lies,
    ...verdict.wrong,
    ...books.orders.flatMap((order) => secondIds(order, executed)),
  ];
  for (const { kind, detail, customer } of maya.violations())
    if (options.killEveryMs === 0 || !MAYA.tolerated.includes(kind))
      words.push(`${customer}: ${kind}: ${detail}`);
  if (debits + believed !== options.orders) words.push(`${debits} debits for ${options.orders} orders`);
  if (options.killEveryMs === 0) {
    const exactly = (name: string, count: number, wanted: number) => {
      if (count !== wanted) words.push(`${count} ${name}, ${wanted} were wanted`);
    };
    exactly('creates', payments.length, options.orders);
    exactly('executes', executes, options.orders);
    exactly('refreshes', counts.refreshes, counts.expiries);
  }
  return {
    orders: options.orders,
    taps: customers.reduce((sum, customer) => sum + customer.taps, 0),
    creates: payments.length,
    executes,
    debits,
    double: verdict.double,
    lost: verdict.lost,
    stuck: verdict.stuck,
    believed,
    ...counts,
    wrong: words,
  };
}

type Executed = Map<string, { status: string; executes: readonly unknown[] }>;

/** An order may have a second executed id only where Maya declined the first. */
export function secondIds({ order, payments }: OrderFacts, atMaya: Executed): string[] {
  const ids = payments.flatMap(({ providerId }) => {
    const found = providerId === null ? undefined : atMaya.get(providerId);
    return found && found.executes.length > 0 ? [found] : [];
  });
  const charging = ids.filter(({ status }) => status !== 'DECLINED');
  return charging.length > 1 ? [`${order}: ${charging.length} ids were executed and not declined`] : [];
}
