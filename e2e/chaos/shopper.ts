/** Somebody who pays in a round and does not give up, on whichever rail. */
export type Shopper = {
  /** What the simulator knows this person by. */
  readonly id: string;
  readonly order: string | undefined;
  /** What the page that was seen last says. */
  readonly heading: string | undefined;
  /** What went wrong last on the way. */
  readonly trouble?: string | undefined;
  /** Pages that said something else than the ledger. */
  readonly lies: readonly string[];
  /** Goes on until the order is paid. @returns whether that came within `limitMs` */
  untilPaid(limitMs: number): Promise<boolean>;
  close(): Promise<void>;
};

export const PAID_FOR_NOTHING = 'the page says that it is paid, and nothing was debited';
