/** One opening of the mini app: how many refreshes lie between its first tokens and each later one. */
export type Family = {
  customer: string;
  /** Its row in our store, once it is known. */
  row: string | null;
  /** Whether a refresh of it was refused, or its answer was lost: its tokens may end before their time. */
  troubled: boolean;
  /** Maya takes none of its tokens any more. */
  over: boolean;
};

type Rank = { family: Family; rank: number };

/** Follows every customer token over the wire, so that the use of an old one is seen. */
export class TokenRanks {
  readonly #access = new Map<string, Rank>();
  readonly #refresh = new Map<string, Rank>();
  readonly families: Family[] = [];

  open(customer: string, accessToken: string, refreshToken: string): Family {
    const family: Family = { customer, row: null, troubled: false, over: false };
    this.families.push(family);
    this.#access.set(accessToken, { family, rank: 0 });
    this.#refresh.set(refreshToken, { family, rank: 0 });
    return family;
  }

  /** `from` was exchanged for these. */
  refreshed(from: string, accessToken: string, refreshToken: string): void {
    const known = this.#refresh.get(from);
    if (!known) return;
    const next = { family: known.family, rank: known.rank + 1 };
    this.#access.set(accessToken, next);
    this.#refresh.set(refreshToken, next);
  }

  ofAccess = (token: string): Rank | undefined => this.#access.get(token);
  ofRefresh = (token: string): Rank | undefined => this.#refresh.get(token);
}
