import { sha256Hex } from '../../base/ids.ts';
import { raiseAlarm } from '../../db/alarms.ts';
import { isOneOf } from '../../db/each.ts';
import { nowMs, type Tx } from '../../db/store.ts';
import { answeredAll } from '../../ecommpay/ambiguous.ts';
import type { Redirect } from '../../ecommpay/redirect-data.ts';
import { differences, isToBeAsked, type Report } from '../../ecommpay/report.ts';
import { type Addition, appendToEach, type Locked, lockPayments } from '../append.ts';
import type { PaymentDeps } from '../deps.ts';
import { type Fact, factKey } from '../facts.ts';
import { isFinal } from '../payment.ts';
import { insist } from '../record-answer.ts';
import type { Conclusion } from '../reduce.ts';
import { saidOf } from './facts.ts';
import { askFromNow } from './sale-row.ts';

/** What ECommPay said of a payment, by callback or in answer to our question. */
export type Saying = {
  kind: 'callback_said' | 'status_said';
  report: Report;
  /** Where to send the customer on, in a callback that says so; `null` where nobody may be sent there. */
  redirect?: Redirect | null;
  /** Ambiguous callbacks that were on record when this was asked for. */
  answers?: readonly string[];
};

/**
 * Records the answer to a question, lease or not. The answer is in this process's memory alone, so this is tried until
 * the store takes it.
 *
 * @param answers ambiguous callbacks that were on record when it was asked
 * @returns what is known now; `null` where no payment of ours over this rail is meant
 */
export async function recordAnswered(
  deps: PaymentDeps,
  report: Report,
  answers: readonly string[],
): Promise<Conclusion | null> {
  const [conclusion] = await insist(deps, report.paymentId, () =>
    recordSaid(deps, [{ kind: 'status_said', report, answers }]),
  );
  return conclusion ?? null;
}

/**
 * Records what ECommPay said, all of it in one transaction, lease or not. Whatever differs from our own row is recorded
 * with it, and never pays.
 *
 * @returns what is known of its payment now, for each; `null` where no payment of ours over this rail is meant
 */
export async function recordSaid(
  deps: PaymentDeps,
  sayings: readonly Saying[],
): Promise<(Conclusion | null)[]> {
  if (sayings.length === 0) return [];
  const ids = [...new Set(sayings.map(({ report }) => report.paymentId))];
  const concluded = await deps.store.transaction(async (tx) => {
    const locked = await lockPayments(tx, ids, (eb) => eb('rail', '=', 'ecommpay'));
    const projects = await projectsOf(tx, ids);
    const additions: Addition[] = [];
    const doubtful = new Set<string>();
    for (const each of locked) {
      const facts: Fact[] = [];
      for (const saying of sayings.filter(({ report }) => report.paymentId === each.row.id)) {
        const said = await factsSaid(tx, each, saying, projects);
        if (asksAnew(each, saying, said)) doubtful.add(each.row.id);
        if (mayStrand(each, saying))
          await raiseAlarm(deps, tx, { kind: 'ambiguous_callback', subject: 'redirect' });
        facts.push(...said);
      }
      additions.push({ locked: each, facts });
    }
    const appended = await appendToEach(tx, deps, additions);
    const after = new Map(appended.map((one) => [one.locked.row.id, one.after]));
    const asked = (...how: Conclusion['asking'][]) =>
      [...doubtful].filter((id) => how.includes(after.get(id)?.asking ?? 'no'));
    await askSoon(tx, asked('yes', 'hourly', 'to_be_sure'));
    await askFromNow(tx, asked('to_be_sure'));
    return after;
  });
  if ([...concluded.values()].some(({ state }) => state === 'approved')) deps.announced();
  return sayings.map(({ report }) => concluded.get(report.paymentId) ?? null);
}

/** The project that each of these payments was opened in. */
async function projectsOf(tx: Tx, ids: readonly string[]): Promise<Map<string, number>> {
  const sales = await tx
    .selectFrom('ecommpay_sales')
    .select(['payment_id', 'project_id'])
    .where(isOneOf(tx, 'payment_id', ids))
    .execute();
  return new Map(sales.map((sale) => [sale.payment_id, sale.project_id]));
}

async function factsSaid(
  tx: Tx,
  locked: Locked,
  { kind, report, redirect, answers = [] }: Saying,
  projects: ReadonlyMap<string, number>,
): Promise<Fact[]> {
  const projectId = projects.get(locked.row.id);
  if (projectId === undefined) throw new Error('a payment over ECommPay has no sale');
  const expected = { projectId, type: 'purchase', amountCentavos: locked.row.amount_centavos } as const;
  // Whatever is to move money has to name type and sum.
  const said = saidOf(report, differences(report, expected, report.reading === 'success'));
  return [
    { kind, said },
    ...answeredAll(answers),
    ...(redirect === undefined ? [] : [await offer(tx, locked, report, redirect)]),
  ];
}

/**
 * Whether a report is a reason to ask at once. The answer to a question of our own asks for no other one: that would never
 * end. Nor does an ambiguous callback that was on record, which anybody who has seen it can send as often as they like.
 */
function asksAnew({ events }: Locked, { kind, report }: Saying, said: readonly Fact[]): boolean {
  if (kind !== 'callback_said' || !isToBeAsked(report)) return false;
  if (report.ambiguous === undefined) return true;
  const known = new Set(events.map(({ fact }) => factKey(fact)));
  return !said.every((fact) => known.has(factKey(fact)));
}

/**
 * Whether a customer may wait in vain: an ambiguous callback sends nobody on, and the one that says where to go may hold
 * what makes it ambiguous each time.
 */
const mayStrand = ({ row, events }: Locked, { report }: Saying): boolean =>
  report.ambiguous !== undefined &&
  !isFinal(row.state) &&
  events.some(({ fact }) => fact.kind === 'sale_attempt') &&
  !events.some(({ fact }) => fact.kind === 'redirect_offered' && fact.usable);

async function askSoon(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .updateTable('payments')
    .set({ next_ask_at: nowMs })
    .where(isOneOf(tx, 'id', ids))
    .execute();
}

/** The newest by ECommPay's own clock wins; a delivery that comes once more changes nothing. */
async function offer(tx: Tx, locked: Locked, report: Report, redirect: Redirect | null) {
  const text = JSON.stringify(redirect);
  const fact = { kind: 'redirect_offered', digest: sha256Hex(text), usable: redirect !== null } as const;
  const isKnown = locked.events.some((event) => factKey(event.fact) === factKey(fact));
  if (redirect === null || isKnown || isFinal(locked.row.state)) return fact;
  const madeAt = report.operation?.atMs ?? 0;
  await tx
    .updateTable('ecommpay_sales')
    .set({ redirect: text, redirect_made_at: madeAt })
    .where('payment_id', '=', locked.row.id)
    .where((eb) => eb.or([eb('redirect_made_at', 'is', null), eb('redirect_made_at', '<=', madeAt)]))
    .execute();
  return fact;
}
