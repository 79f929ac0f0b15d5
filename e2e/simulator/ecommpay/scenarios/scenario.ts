import type { Notice } from '../callbacks/notice.ts';
import type { Code } from '../codes.ts';
import type { Payment } from '../payments/payment.ts';
import type { Outcome } from '../reply.ts';
import type { Json } from '../signature/json-tree.ts';
import type { World } from '../world.ts';

/** What a scenario can change: a sale on the Payment Page or over Gate, a payout, or a question for the status. */
export type Touch = 'page-sale' | 'gate-sale' | 'payout' | 'status';

/** How a payment goes on once it is the provider's turn. */
export type End = {
  /** Declined with this code. */
  code?: Code;
  /** The wallet forgets what the customer said. */
  ignored?: true;
  /** The first attempt is declined, and the customer may try again within the same payment. */
  secondAttempt?: true;
  /** What happens to a final state after `reversalAfterMs`. */
  reversal?: 'same operation' | 'by hand' | 'to decline';
  /** The wallet is debited this much more, or less. */
  moreCentavos?: number;
  /** The provider reports another converted sum. */
  converts?: true;
  /** A status in between, for `daysMs`. */
  staysFor?: 'processing' | 'awaiting clarification' | 'internal error';
};

/** `redirect_data` of a callback. */
export type Redirect = { url: string; method: string; body: Json };

/** The usual answer of a call, and what it speaks of. */
export type UsualAnswer = {
  outcome: Outcome;
  world: World;
  paymentId: string;
  payment?: Payment | undefined;
};

/** Something that can happen to a payment, under the name that tests and links share. */
export type Scenario = {
  readonly name: string;
  readonly title: string;
  /** What happens, and what the app should do. */
  readonly what: string;
  readonly group: 'outcome' | 'request' | 'redirect' | 'callback' | 'odd-json' | 'status' | 'payout';
  readonly touches: readonly Touch[];
  /** How many payments (or questions, for the status) it lasts if nobody says otherwise. */
  readonly calls: number | 'always';

  /** Refused with this code, and nothing is registered. */
  readonly refuses?: Code;
  /** Nothing is registered, whatever is answered. */
  readonly forgets?: true;
  /** Bends the answer of the touched call. */
  readonly answer?: (usual: UsualAnswer) => Outcome;
  /** The call is answered after `answerLateMs`, and what it starts does not wait. */
  readonly answersLate?: true;
  readonly end?: End;
  /** Of a Gate sale: every `redirect_data` that is sent. */
  readonly redirects?: (usual: Redirect, payment: Payment) => Redirect[];
  /** What becomes of each callback. */
  readonly notices?: (usual: Notice, world: World) => Notice[];
  /** Callbacks of a success that has not happened, sent as soon as the payment is registered. */
  readonly atOnce?: (asIfPaid: Notice, world: World) => Notice[];
};
