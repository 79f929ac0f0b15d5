import type { PaymentState } from '#lib/db/schema.ts';

/** One order as store, wallet and shop have it. */
export type OrderFacts = {
  order: string;
  customer: string;
  totalCentavos: number;
  paidBy: string | null;
  payments: PaymentFacts[];
  /** What left the wallet for payments of this order. */
  debits: { paymentId: string; amountCentavos: number }[];
  /** Events for fulfilment: how many speak of a payment, and how many of those arrived. */
  announced: number;
  delivered: number;
  pickups: number;
};

export type PaymentFacts = {
  id: string;
  providerId: string | null;
  state: PaymentState;
  confirmedBy: string | null;
  duplicate: boolean;
  /** The process that opened it, and the one that recorded its first execute. */
  openedBy: string;
  firstExecuteBy: string | null;
};

export type Verdict = {
  /** Debits beyond the first of an order. */
  double: number;
  /** Debits that no payment of ours stands for: of an order that is neither paid nor in a person's hands. */
  lost: number;
  /** Payments without an end. */
  stuck: number;
  /** What else is not as it must be, in words. */
  wrong: string[];
};

const OPEN: readonly PaymentState[] = ['creating', 'created', 'executing'];

/**
 * Compares the books. Everything that is to happen by itself must have happened.
 *
 * @param strays debits for ids that the store has never heard of
 * @param excused whether Maya was set up to say "already processed" after a decline while the app takes that for a
 *   success: the one assumption that the promise rests on and that this run breaks on purpose
 */
export function judge(orders: readonly OrderFacts[], strays: number, excused = false): Verdict {
  const verdict: Verdict = { double: 0, lost: strays, stuck: 0, wrong: [] };
  for (const facts of orders) {
    const { order, debits, payments, paidBy } = facts;
    const say = (condition: boolean, text: string) => {
      if (condition) verdict.wrong.push(`${order}: ${text}`);
    };
    verdict.double += Math.max(0, debits.length - 1);
    const inHand = payments.some((payment) => payment.state === 'review');
    if (debits.length > 0 && paidBy === null && !inHand) verdict.lost += debits.length;
    verdict.stuck += payments.filter((payment) => OPEN.includes(payment.state)).length;

    const paying = payments.find((payment) => payment.id === paidBy);
    const debited = paying && debits.some(({ paymentId }) => paymentId === paying.providerId);
    say(paidBy !== null && paying?.state !== 'approved', `paid by a payment that is ${paying?.state}`);
    const believed = excused && paying?.confirmedBy === 'PY0010';
    say(paidBy !== null && !debited && !believed, 'counts as paid and nothing was debited');
    say(
      debits.some(({ amountCentavos }) => amountCentavos !== facts.totalCentavos),
      'debited another amount than was shown',
    );
    say(
      payments.some(({ duplicate }) => duplicate),
      'a payment is marked as a duplicate',
    );
    for (const { id, openedBy, firstExecuteBy } of payments)
      say(firstExecuteBy !== null && firstExecuteBy !== openedBy, `recovery made the first execute of ${id}`);
    if (paidBy === null) continue;
    say(facts.announced !== 1, `${facts.announced} events say that it is paid`);
    say(facts.delivered < facts.announced, 'the event that it is paid did not arrive');
    say(facts.pickups !== 1, `${facts.pickups} pick-up codes`);
  }
  return verdict;
}

export const isRight = ({ double, lost, stuck, wrong }: Verdict): boolean =>
  double === 0 && lost === 0 && stuck === 0 && wrong.length === 0;
