/** A payout that ECommPay's book has. `fickle`: it was declined first. */
export type PaidOut = { paymentId: string; account: string; amountCentavos: number; fickle: boolean };

/** Holds what staff wanted to be paid out against what ECommPay's book says was. It believes no table of ours. */
export class PayoutJudge {
  readonly #wrong: (invariant: string, detail: string) => void;
  /** What each id may pay: more than one where nobody knows which of two files was recorded. */
  readonly #wanted = new Map<string, Set<string>>();
  /** What counted as declined, failed or refused. */
  readonly #over = new Set<string>();
  readonly #paid = new Map<string, PaidOut>();

  constructor(wrong: (invariant: string, detail: string) => void) {
    this.#wrong = wrong;
  }

  /** Called before a file is imported. @returns what takes it back, where the import said that it recorded nothing of it */
  wanted(id: string, account: string, amountCentavos: number): () => void {
    const known = this.#wanted.get(id) ?? new Set();
    const what = `${account} ${amountCentavos}`;
    const isNew = !known.has(what);
    this.#wanted.set(id, known.add(what));
    return () => {
      if (isNew) known.delete(what);
    };
  }

  paidOut(payout: PaidOut): void {
    const { paymentId, account, amountCentavos } = payout;
    if (!this.#wanted.get(paymentId)?.has(`${account} ${amountCentavos}`))
      this.#wrong(
        'paid out once',
        `${amountCentavos} went to ${account} for ${paymentId}, which nobody wanted`,
      );
    if (this.#paid.has(paymentId)) this.#wrong('paid out once', `payout ${paymentId} was paid twice`);
    if (this.#over.has(paymentId) && !payout.fickle)
      this.#wrong('payout forgotten', `payout ${paymentId} was paid after it had counted as not paid`);
    this.#paid.set(paymentId, payout);
  }

  /** Staff may pay this person again by another payout from now on. */
  over(id: string): void {
    this.#over.add(id);
  }

  paid = (id: string): PaidOut | undefined => this.#paid.get(id);
}
