import type { Debit } from '../world/provider.ts';
import { isStoreError } from '../world/store-error.ts';
import type { World } from '../world/world.ts';
import { PayoutJudge } from './payout-judge.ts';

/** A customer pressed Pay on a page that showed this amount. */
export type TapSeen = {
  order: string;
  customer: string;
  amountCentavos: number;
  /** `open`: not answered yet. */
  answer: 'open' | 'following' | 'refused' | 'error';
  at: number;
  /** Whether the customer has been shown since that nothing was paid. */
  toldUnpaid: boolean;
};

/** What a page said of an order. */
export type Shown = {
  order: string;
  customer: string;
  state: string;
  duplicate: boolean;
  /** What is said to have been paid, `null` where that was no pesos; the order's total where nothing is said. */
  paidCentavos?: number | null;
  /** Whether Pay is offered. */
  payable: boolean;
};

/** What a page with Pay on it may say. */
const PAYABLE = ['open', 'declined', 'failed'];

/** What was so when a page was asked for: a page says nothing of what came after. */
export type Glance = {
  debited: boolean;
  mayBelieve: boolean;
  wasBelieved: boolean;
  answered: readonly TapSeen[];
};

const UNPAID = ['open', 'declined', 'failed', 'expired', 'cancelled'];

/**
 * The judge. It knows what customers saw and pressed, and what the provider's book says, and holds the one against the
 * other; it believes no table of ours. Orders are told apart in the book by customer and amount, which no two orders of
 * a customer share.
 */
export class Judge {
  readonly violations: string[] = [];
  readonly #world: World;
  readonly #taps: TapSeen[] = [];
  readonly #orders = new Map<string, { customer: string; amountCentavos: number }>();
  readonly #debited = new Map<string, Debit[]>();
  readonly #toldAt = new Map<string, number>();
  readonly #reserved = new Map<string, string>();
  readonly #redeemed = new Map<string, number>();
  /** Orders shown as paid that the book does not know: right only where `PY0010` was believed. */
  readonly believed = new Set<string>();

  readonly payouts = new PayoutJudge((invariant, detail) => this.wrong(invariant, detail));

  constructor(world: World) {
    this.#world = world;
  }

  wrong(invariant: string, detail: string): void {
    const text = `${invariant}: ${detail}`;
    if (this.violations.includes(text)) return;
    this.violations.push(text);
    this.#world.note(() => `✗ ${text}`);
  }

  ordered(order: string, customer: string, amountCentavos: number): void {
    const known = this.#orders.get(order);
    if (known && known.amountCentavos !== amountCentavos)
      this.wrong('amount', `order ${order} showed ${known.amountCentavos}, then ${amountCentavos}`);
    // Whoever has its private link sees it too, and it stays whose it is.
    this.#orders.set(order, { customer: known?.customer ?? customer, amountCentavos });
  }

  customerOf = (order: string): string | undefined => this.#orders.get(order)?.customer;

  tapped(tap: Omit<TapSeen, 'answer' | 'toldUnpaid' | 'at'>): TapSeen {
    const seen: TapSeen = { ...tap, answer: 'open', toldUnpaid: false, at: this.#world.scheduler.now };
    this.#taps.push(seen);
    return seen;
  }

  /**
   * Keeps an amount for what one cart becomes: no two orders of a customer share an amount, for in the book that is
   * what tells them apart. False where another cart of the customer has it.
   */
  reserve(customer: string, amountCentavos: number, cart: string): boolean {
    // Where anybody may pay by a private link, the amount alone tells orders apart.
    const key = this.#world.plan.outside ? `${amountCentavos}` : `${customer} ${amountCentavos}`;
    const holder = this.#reserved.get(key);
    if (holder !== undefined) return holder === cart;
    this.#reserved.set(key, cart);
    return true;
  }

  debited(debit: Debit): void {
    const { customer, amountCentavos, askedCentavos, fickle = false } = debit;
    const taps = this.#taps.filter((tap) =>
      askedCentavos === undefined
        ? tap.customer === customer && tap.amountCentavos === amountCentavos
        : tap.amountCentavos === askedCentavos,
    );
    const [first] = taps;
    if (!first) {
      this.wrong('amount', `${customer} was debited ${amountCentavos}, which no page with Pay had shown`);
      return;
    }
    const unpaid = taps.filter((tap) => !this.#debited.has(tap.order));
    const { order, toldUnpaid } = unpaid.find((tap) => !tap.toldUnpaid) ?? unpaid[0] ?? first;
    const earlier = this.#debited.get(order) ?? [];
    this.#debited.set(order, [...earlier, debit]);
    if (earlier.length > 0 && !fickle && !this.#couldNotKnow(earlier, taps))
      this.wrong('charged once', `order ${order} was debited ${earlier.length + 1} times`);
    else if (earlier.length > 0) this.#world.reach('charged twice by a provider that took its word back');
    else if (toldUnpaid && !fickle)
      this.wrong(
        'told the truth',
        `order ${order} was debited after its customer was told that nothing was paid`,
      );
  }

  /** Whether Pay was pressed before anybody had told us of the debits that came against a decline. */
  #couldNotKnow(earlier: readonly Debit[], taps: readonly TapSeen[]): boolean {
    return earlier.every(({ fickle = false, providerId }) => {
      const toldAt = this.#toldAt.get(providerId) ?? Number.POSITIVE_INFINITY;
      return fickle && taps.filter(({ at, answer }) => at < toldAt && answer !== 'refused').length > 1;
    });
  }

  /** A provider has told us of a debit, and our server has answered that it took that. */
  told(providerId: string): void {
    if (!this.#toldAt.has(providerId)) this.#toldAt.set(providerId, this.#world.scheduler.now);
  }

  debitsOf = (order: string): readonly Debit[] => this.#debited.get(order) ?? [];

  isDebited = (order: string): boolean => this.#debited.has(order);

  debitOf = (providerId: string): Debit | undefined =>
    [...this.#debited.values()].flat().find((debit) => debit.providerId === providerId);

  /** Called when a page is asked for; its answer is given to {@link shown}. */
  asked(order: string): Glance {
    return {
      debited: this.isDebited(order),
      mayBelieve: this.#world.mayBelieve(order),
      wasBelieved: this.#world.wasBelieved(order),
      answered: this.#taps.filter((tap) => tap.order === order && tap.answer !== 'open'),
    };
  }

  shown({ order, state, duplicate, payable, paidCentavos }: Shown, asked: Glance = this.asked(order)): void {
    this.#world.reach(`shown ${state}`);
    const debited = this.isDebited(order);
    const surely = this.#debited.get(order)?.some(({ fickle }) => !fickle) ?? false;
    if (state === 'approved' && !debited) {
      // What was believed when the page was asked for, or came to be meanwhile, may have been contradicted since.
      const cameToBe = !asked.wasBelieved && this.#world.wasBelieved(order);
      if (asked.mayBelieve || cameToBe || this.#world.mayBelieve(order)) this.believed.add(order);
      else this.wrong('shown paid', `order ${order} is shown as paid and was never debited`);
    }
    const debits = this.debitsOf(order);
    const said = paidCentavos === undefined ? this.#orders.get(order)?.amountCentavos : paidCentavos;
    // A person accepted what ECommPay had told, and that was not what it had taken: nobody on our side can know better.
    const isMistold =
      said !== this.#orders.get(order)?.amountCentavos &&
      this.#world.faults.fired.some(({ kind }) => kind === 'wrong-amount');
    if (
      state === 'approved' &&
      !isMistold &&
      said !== null &&
      debits.length > 0 &&
      !debits.some(({ amountCentavos }) => amountCentavos === said)
    )
      this.wrong(
        'amount',
        `order ${order} is shown as paid with ${said} and ${debits[0]?.amountCentavos} was debited`,
      );
    if (asked.debited && surely && UNPAID.includes(state))
      this.wrong('charge forgotten', `order ${order} was debited and is shown as ${state}`);
    if (payable && !PAYABLE.includes(state))
      this.wrong('told the truth', `order ${order} offers Pay while it is ${state}`);
    if (duplicate && (this.#debited.get(order)?.length ?? 0) < 2 && !this.#world.mayBelieve(order))
      this.wrong('told the truth', `order ${order} is shown as charged twice and was not`);
    if (UNPAID.includes(state)) for (const tap of asked.answered) tap.toldUnpaid = true;
  }

  /** A request may fail where the store does, and nowhere else. */
  expectStoreError(error: unknown): void {
    if (isStoreError(error)) return;
    this.wrong('no crash', error instanceof Error ? `${error.name} ${error.message}` : String(error));
  }

  redeemed(sessionId: string): void {
    const times = (this.#redeemed.get(sessionId) ?? 0) + 1;
    this.#redeemed.set(sessionId, times);
    if (times > 1) this.wrong('sessionId', 'one sessionId was redeemed twice');
  }

  /** Orders that the book or a tap knows of. */
  orders(): { order: string; customer: string }[] {
    return [...this.#orders].map(([order, { customer }]) => ({ order, customer }));
  }

  tapsOf = (order: string): readonly TapSeen[] => this.#taps.filter((tap) => tap.order === order);
}
