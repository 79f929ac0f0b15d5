import type { Db } from '../db/store.ts';
import type { PaymentEvent } from '../payments/facts.ts';
import { findPayment, loadEvents, type PaymentRow } from '../payments/payment.ts';
import { takenBy } from '../payments/taken.ts';

/** All that is known of one payment: for the person who has to decide, and for a talk with Maya. */
export type Dossier = {
  payment: PaymentRow;
  /** Where its provider told of money taken, or a person decided so; `centavos` is `null` for other than pesos, or unknown. */
  taken: { centavos: number | null } | null;
  events: PaymentEvent[];
  order: { state: string; paidBy: string | null; claim: string | null };
  /** `Request-Reference-No` of each request that was recorded, with what it was for. */
  references: { call: string; reference: string }[];
  alarms: { kind: string; sinceMs: number; times: number; acknowledged: boolean }[];
  audit: { atMs: number; actor: string; action: string; evidence: string }[];
};

export async function openDossier(db: Db, paymentId: string): Promise<Dossier | null> {
  const payment = await findPayment(db, paymentId);
  if (!payment) return null;
  const events = await loadEvents(db, paymentId);
  const order = await db
    .selectFrom('orders')
    .select(['state', 'paid_by', 'claim'])
    .where('id', '=', payment.order_id)
    .executeTakeFirstOrThrow();
  const alarms = await db
    .selectFrom('alarms')
    .select(['kind', 'since', 'times', 'acknowledged_at'])
    .where('subject', 'in', [paymentId, payment.order_id])
    .orderBy('since')
    .execute();
  const audit = await db
    .selectFrom('audit')
    .select(['at', 'actor', 'action', 'evidence'])
    .where('subject', '=', paymentId)
    .orderBy('at')
    .execute();
  const isTaken = payment.state === 'approved' || payment.debited === 1;
  return {
    payment,
    taken: isTaken ? { centavos: (await takenBy(db, payment)).amountCentavos } : null,
    events,
    order: { state: order.state, paidBy: order.paid_by, claim: order.claim },
    references: events.flatMap(({ fact }) =>
      fact.kind === 'create_attempt' || fact.kind === 'execute_attempt'
        ? [
            {
              call: `${fact.kind === 'create_attempt' ? 'create' : 'execute'} ${fact.attempt}`,
              reference: fact.reference,
            },
          ]
        : [],
    ),
    alarms: alarms.map((alarm) => ({
      kind: alarm.kind,
      sinceMs: alarm.since,
      times: alarm.times,
      acknowledged: alarm.acknowledged_at !== null,
    })),
    audit: audit.map(({ at, ...entry }) => ({ atMs: at, ...entry })),
  };
}
