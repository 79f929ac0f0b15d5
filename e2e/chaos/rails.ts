import type { Fact } from '#lib/payments/facts.ts';
import type { Stage } from '../built/stage.ts';
import { unsettledIds } from './inspect.ts';

/** What left a wallet, by the simulator's book. */
export type Debit = { paymentId: string; customer: string; amountCentavos: number };

/** In what the rails differ for whoever plays a round and judges it; how a shopper pays stands in `customer.ts` and `visitor.ts`. */
export type Rail = {
  /** The truth: what was really debited, oldest first. */
  debits(stage: Stage): Debit[];
  /** Whether the wallet was debited for what the provider knows by this id: what staff reads there. */
  wasCharged(stage: Stage, providerId: string | null): boolean;
  /** The fact that says yes for the customer: recovery never makes it. */
  isFirstSend(fact: Fact): boolean;
  /** From now on everything works for this person. */
  calm(stage: Stage, shopper: string): void;
  violations(stage: Stage, shopper: string): { kind: string; detail: string }[];
  /** Kinds of violations that nobody on our side can avoid after a disturbance. */
  tolerated: readonly string[];
  /** How many payments the machines still have to bring to an end by themselves, whatever their customers do. */
  owed(stage: Stage): Promise<number>;
  /** Payments of which we said that we know their end, and that have none on record. */
  forgotten(stage: Stage): Promise<string[]>;
};

export const MAYA: Rail = {
  debits: ({ simulator }) => simulator.maya.ledger().debits,
  wasCharged: ({ simulator }, providerId) =>
    simulator.maya.payments().some((payment) => payment.id === providerId && payment.status === 'APPROVED'),
  isFirstSend: (fact) => fact.kind === 'execute_attempt' && fact.attempt === 1,
  calm: ({ simulator }, customer) => simulator.maya.setScenario({ customer, name: 'approved' }),
  violations: ({ simulator }, customer) => simulator.maya.violations(customer),
  // A refresh token is sent once more after a process died between Maya's answer and the save of the new one. The
  // execute of a process that died between recording and sending it is first heard of by its repeat, later.
  tolerated: ['refresh-token-reused', 'execute-late'],
  owed: async (stage) => (await unsettledIds(stage)).length,
  forgotten: async () => [],
};

const ENDED = ['success', 'decline'];

export const ECOMMPAY: Rail = {
  debits: ({ simulator }) => simulator.ecommpay.ledger().debits,
  wasCharged: ({ simulator }, providerId) =>
    simulator.ecommpay.ledger().debits.some(({ paymentId }) => paymentId === providerId),
  isFirstSend: (fact) => (fact.kind === 'page_handed' || fact.kind === 'sale_attempt') && fact.attempt === 1,
  calm: ({ simulator }, customer) => void simulator.ecommpay.clearScenario({ customer }),
  violations: ({ simulator }, customer) => simulator.ecommpay.violations({ customer }),
  tolerated: [],
  /** What ECommPay has ended, and Gate sales that it never heard of: all else is the customer's turn. */
  owed: async (stage) => {
    const open = await unsettledIds(stage);
    if (open.length === 0) return 0;
    const there = new Map(stage.simulator.ecommpay.payments().map(({ id, status }) => [id, status]));
    const sales = await stage.store.db
      .selectFrom('ecommpay_sales')
      .select(['payment_id', 'interface'])
      .where('payment_id', 'in', open)
      .execute();
    return sales.filter(({ payment_id: id, interface: through }) => {
      const status = there.get(id);
      return status === undefined ? through === 'gate' : ENDED.includes(status);
    }).length;
  },
  /** A callback of an end that was answered 200 is not delivered again. */
  forgotten: async (stage) => {
    const open = new Set(await unsettledIds(stage));
    return stage.simulator.ecommpay
      .callbacks()
      .filter(({ paymentId, answers, forged }) => open.has(paymentId) && answers.includes(200) && !forged)
      .filter(({ body }) => ENDED.includes(statusIn(body)))
      .map(({ paymentId }) => paymentId);
  },
};

const statusIn = (body: string) =>
  (JSON.parse(body) as { payment?: { status?: string } }).payment?.status ?? '';
