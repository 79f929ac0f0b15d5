/** A payout that ECommPay's book has. `fickle`: it was declined first. */
export type PaidOut = { paymentId: string; account: string; amountCentavos: number; fickle: boolean };

/** Holds what staff wanted to be paid out against what ECommPay's book says was. It believes no table of ours. */
export class PayoutJudge {
  readonly #wrong: (invariant: string, detail: string) => void;
  /** What each id may pay, and how many files say so: different ones where nobody knows which file was recorded. */
  readonly #wanted = new Map<string, Map<string, number>>();
  /** What counted as declined, failed or refused. */
  readonly #over = new Set<string>();
  readonly #paid = new Map<string, PaidOut>();

  constructor(wrong: (invariant: string, detail: string) => void) {
    this.#wrong = wrong;
  }

  /** Called before a file is imported. @returns what takes it back, where the import said that it recorded nothing of it */
  wanted(id: string, account: string, amountCentavos: number): () => void {
    const known = this.#wanted.get(id) ?? new Map<string, number>();
    this.#wanted.set(id, known);
    const what = `${account} ${amountCentavos}`;
    const count = (change: number) => known.set(what, (known.get(what) ?? 0) + change);
    count(1);
    return () => void count(-1);
  }

  paidOut(payout: PaidOut): void {
    const { paymentId, account, amountCentavos } = payout;
    const files = this.#wanted.get(paymentId)?.get(`${account} ${amountCentavos}`) ?? 0;
    if (files === 0)
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
