import type { RefreshTwist } from '../customer-tokens.ts';
import type { Payment } from '../payments.ts';
import type { Random } from '../randomness.ts';
import type { Outcome } from '../reply.ts';
import type { CallName } from '../request.ts';

/** What an answer is bent from: the usual one, the payment it speaks of, and a source of ids. */
export type Usual = { outcome: Outcome; payment: Payment; random: Random };

export type CreateTwist = {
  /** The payment as Maya notes it down; undefined when none comes to be. */
  made?: (asked: Payment) => Payment | undefined;
  answer?: (usual: Usual) => Outcome;
};

export type ExecuteTwist = {
  /** `usual`: debited or declined as the wallet allows, unless it was processed before. */
  money: 'usual' | 'declined' | 'untouched';
  /** Why it is declined. */
  reason?: string;
  /** Answered only after `lateMs`. */
  late?: true;
  answer?: (usual: Usual) => Outcome;
};

/** Something that can happen to a customer's calls, under the name that page, tests and links share. */
export type Scenario = {
  readonly name: string;
  readonly title: string;
  /** What happens, and what the app should show. */
  readonly what: string;
  readonly group: 'outcome' | 'create' | 'execute' | 'tokens' | 'whole';
  readonly scope: 'customer' | 'everyone';
  /** How many calls it lasts if nobody says otherwise. */
  readonly calls: number | 'always';
  /** The calls that it changes and that use it up. */
  readonly touches: readonly CallName[];

  readonly create?: CreateTwist;
  /** By payment, as some speak of a first execute only; undefined leaves the call alone and is not counted. */
  readonly execute?: (payment: Payment) => ExecuteTwist | undefined;
  /** Answered before anything is done. */
  readonly instead?: () => Outcome;
  /** The token in the call is refused and dead from then on. */
  readonly rejects?: 'access-token' | 'client-token';
  /** What the refresh after the refused access token meets. */
  readonly refresh?: 'refused' | 'revoked-by-reuse' | RefreshTwist;
  /** Choosing it ends every client token there is. */
  readonly endsClientTokens?: true;
  /** Every touched call waits `slowMs`. */
  readonly slow?: true;
};
