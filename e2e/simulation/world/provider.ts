import type { Fetch } from '#lib/base/http.ts';
import type { SimProcess } from './sim-process.ts';

/** Money that really left a customer's account, by the provider's own book. */
export type Debit = {
  customer: string;
  amountCentavos: number;
  providerId: string;
  at: number;
  /** What was asked for, where that is what tells orders apart; else customer and amount do. */
  askedCentavos?: number;
  /** The provider takes back what it said of this payment: it debited after a decline, or declined after a debit. */
  fickle?: boolean;
};

/** Money that the provider refused to move, for good. */
export type Decline = { customer: string; amountCentavos: number; providerId: string };

/**
 * One provider in a simulated world: a model of it, the network to it with the faults of the plan, and its book. The
 * judge believes the book and nothing else. A second rail is a second provider.
 */
export type Provider = {
  name: string;
  /** How a process of ours reaches it. */
  fetchFor(process: SimProcess): Fetch;
  /** Everything in the book, oldest first. */
  debits(): readonly Debit[];
  declines(): readonly Decline[];
  /** Ids of payments that it was asked to go on with after their life. */
  outlived(): ReadonlySet<string>;
  /** Ids of payments for which a request is still on its way to the provider. */
  underWay(): ReadonlySet<string>;
  /** Whether nothing more will happen there by itself. */
  isQuiet(): boolean;
  /** Ends what is wrong with the provider itself. */
  calm(): void;
  /** Values that nothing we write may contain. */
  secrets(): readonly string[];
  /** What the model caught our code doing, and no fault explains. */
  complaints(): readonly string[];
};
