import { customerIdOf } from '#lib/payments/ecommpay/customer-id.ts';
import { approve, FULL_WALLET, goToWallet } from '../built/outside-run.ts';
import { goToCheckout, type Stage } from '../built/stage.ts';
import type { EcommpayScenarioName } from '../simulator/ecommpay/scenarios/catalogue.ts';
import { Webview } from '../webview/webview.ts';
import { pause } from './inspect.ts';
import { PAID_FOR_NOTHING, type Shopper } from './shopper.ts';

const LOOK_EVERY_MS = 150;
const WALLET_WITHIN_MS = 20_000;
const RESULT_WITHIN_MS = 10_000;
/** Another try at the same hand-over is soon made. */
const ONWARD_WITHIN_MS = 2_000;

/** Of so many visitors, one says yes in the wallet and closes the browser. */
const CLOSES_BROWSER_EVERY = 4;
const STAGGER_MS = 30;

/** Pages that say that nothing was charged. */
const NOT_CHARGED = ['Payment declined', 'Payment failed', 'Order cancelled', 'This order has expired'];

/**
 * A shopper in an ordinary browser who pays by ECommPay and does not give up: comes back when the server was gone, goes
 * on with the payment under way, and taps Pay again when the page says that nothing was charged. Or says yes in the
 * wallet, closes the browser and leaves the rest to the machines.
 */
export class Visitor implements Shopper {
  readonly #stage: Stage;
  readonly #closesBrowser: boolean;
  readonly #browser: Webview;
  readonly lies: string[] = [];
  id = '';
  order: string | undefined;
  heading: string | undefined;
  /** What went wrong last, for whoever reads why an order was not paid. */
  trouble: string | undefined;

  constructor(stage: Stage, options: { closesBrowser: boolean }) {
    this.#stage = stage;
    this.#closesBrowser = options.closesBrowser;
    this.#browser = new Webview({ appUrl: stage.appUrl });
  }

  /** Up to the checkout page. */
  async arrive(): Promise<void> {
    this.order = await goToCheckout(this.#browser);
    const { session_id: row } = await this.#stage.store.db
      .selectFrom('orders')
      .select('session_id')
      .where('id', '=', this.order)
      .executeTakeFirstOrThrow();
    this.id = customerIdOf({ row, customerId: null });
  }

  setScenario(name: EcommpayScenarioName): void {
    this.#stage.simulator.ecommpay.setScenario({ customer: this.id, name });
  }

  /** Pay, the wallet, yes, and back; a server that dies meanwhile ends it. @param lingersMs how long the wallet is looked at */
  async pay(lingersMs: number): Promise<void> {
    await this.#gently(async () => {
      await this.#tap();
      await this.#goOn(WALLET_WITHIN_MS, lingersMs);
    });
  }

  get #debits(): number {
    return this.#stage.simulator.ecommpay.ledger(this.id).debits.length;
  }

  async untilPaid(limitMs: number): Promise<boolean> {
    const giveUpAt = performance.now() + limitMs;
    while (performance.now() < giveUpAt) {
      const isLeftAlone = this.#closesBrowser && this.#debits > 0 && !(await this.#isOver());
      if (!isLeftAlone && (await this.#lookAndAct())) return true;
      await pause(LOOK_EVERY_MS);
    }
    return false;
  }

  /** @returns whether the page says that it is paid */
  async #lookAndAct(): Promise<boolean> {
    this.heading = undefined;
    await this.#gently(async () => {
      const { heading } = await this.#browser.open(this.#orderUrl);
      this.heading = heading;
      this.#compare(heading);
      if (this.#browser.has(/^Pay /)) await this.#tap();
      else if (!this.#browser.link('Continue payment')) return;
      await this.#goOn(ONWARD_WITHIN_MS, 0);
    });
    return this.heading === 'Payment successful';
  }

  /** Nobody but this shopper can have the wallet debited, so what the page says is compared with the book as it is. */
  #compare(heading: string): void {
    const isDebited = this.#debits > 0;
    if (heading === 'Payment successful' && !isDebited) this.lies.push(PAID_FOR_NOTHING);
    if (isDebited && NOT_CHARGED.includes(heading)) this.lies.push(`it says "${heading}" after a debit`);
    if (isDebited && this.#browser.has(/^Pay /))
      this.lies.push(`it offers Pay under "${heading}" after a debit`);
  }

  #tap(): Promise<unknown> {
    return this.#browser.submit(/^Pay /, { email: 'ana@example.com' });
  }

  async #goOn(withinMs: number, lingersMs: number): Promise<void> {
    const customer = { browser: this.#browser, order: this.order ?? '' };
    if (!(await goToWallet(customer, withinMs))) return;
    await pause(lingersMs);
    if (!this.#closesBrowser) return approve(customer, RESULT_WITHIN_MS);
    const [address, form] = this.#browser.prepare(/^Approve /, { does: 'approve', wallet: FULL_WALLET });
    const answer = await this.#browser.send('POST', new URL(address), form.body, form.type);
    await answer.body.dump();
  }

  /** Whether the machines know that this order is paid; asked behind the app's back, so that no page nudges them. */
  async #isOver(): Promise<boolean> {
    const row = await this.#stage.store.db
      .selectFrom('orders')
      .select('paid_by')
      .where('id', '=', this.order ?? '')
      .executeTakeFirst();
    return row?.paid_by != null;
  }

  /** What a server that is gone leaves half done is tried again at the next look. */
  async #gently(act: () => Promise<void>): Promise<void> {
    await act().catch((error: unknown) => {
      this.trouble = String(error);
    });
  }

  get #orderUrl(): string {
    return new URL(`/orders/${this.order}`, this.#stage.appUrl).href;
  }

  close(): Promise<void> {
    return this.#browser.close();
  }
}

export const visitors = (stage: Stage, count: number): Visitor[] =>
  Array.from(
    { length: count },
    (_, index) =>
      new Visitor(stage, { closesBrowser: index % CLOSES_BROWSER_EVERY === CLOSES_BROWSER_EVERY - 1 }),
  );

/** Everybody orders; then everybody pays within a moment. @param options.ready called between the two */
export async function arriveThenPay(
  crowd: readonly Visitor[],
  scenarioOf: (index: number) => EcommpayScenarioName | undefined,
  options: { lingersMs: number; ready?: () => void },
): Promise<Promise<unknown>[]> {
  await Promise.all(crowd.map((visitor) => visitor.arrive()));
  options.ready?.();
  return crowd.map(async (visitor, index) => {
    visitor.setScenario(scenarioOf(index) ?? 'success');
    await pause(index * STAGGER_MS);
    await visitor.pay(options.lingersMs);
  });
}
