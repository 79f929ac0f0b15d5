import { freshCustomer, goToCheckout, type Stage } from '../built/stage.ts';
import type { ScenarioName } from '../simulator/maya/scenarios/catalogue.ts';
import type { Page, Webview } from '../webview/webview.ts';
import { pause } from './inspect.ts';
import { PAID_FOR_NOTHING, type Shopper } from './shopper.ts';

const LOOK_EVERY_MS = 150;

/** A webview that waits this long for its own order to be found again orders anew: nobody learned whose it is. */
const FORGOTTEN_AFTER_MS = 3_000;

/**
 * A customer who does not give up: comes back when the server was gone, taps Pay again when the page says that nothing
 * was charged, opens the app from Maya again when it asks for that.
 */
export class Customer implements Shopper {
  readonly id = freshCustomer();
  readonly #stage: Stage;
  readonly #servers: () => readonly string[];
  webview: Webview | undefined;
  order: string | undefined;
  taps = 0;
  /** Pages that said something else than the wallet. */
  readonly lies: string[] = [];

  /** @param servers where each tap goes, all at once; without any, one tap to the public address */
  constructor(stage: Stage, servers: () => readonly string[] = () => []) {
    this.#stage = stage;
    this.#servers = servers;
  }

  /** Taps the tile, puts something into the cart and goes to the checkout page. @throws where the server is gone */
  async arrive(): Promise<void> {
    await this.webview?.close();
    this.webview = await this.#stage.launch(this.id);
    this.order = await goToCheckout(this.webview);
    if (!this.order || this.order === 'cart') throw new Error('there is no order');
  }

  setScenario(name: ScenarioName): void {
    this.#stage.simulator.maya.setScenario({ customer: this.id, name });
  }

  /** Taps Pay on the page that is shown; a server that dies meanwhile gives no page. */
  async tap(): Promise<void> {
    const { webview } = this;
    const servers = this.#servers();
    this.taps += Math.max(1, servers.length);
    if (!webview) return;
    if (servers.length === 0) {
      await webview.submit(/^Pay /).catch(() => null);
      return;
    }
    const [address, form] = webview.prepare(/^Pay /);
    await Promise.all(
      servers.map(async (server) => {
        const twin = webview.on(server);
        await twin
          .send('POST', new URL(address), form.body, form.type)
          .then(({ body }) => body.dump())
          .catch(() => {});
        await twin.close();
      }),
    );
  }

  get heading(): string | undefined {
    return this.webview?.page?.heading;
  }

  get debits(): number {
    return this.#stage.simulator.maya.ledger(this.id).debits.length;
  }

  /** What the order's page says now; `null` where no server answers. */
  async look(): Promise<Page | null> {
    if (!this.webview || !this.order) return null;
    return this.webview.open(new URL(`/orders/${this.order}`, this.#stage.appUrl).href).catch(() => null);
  }

  /** Goes on until the page says that the order is paid. @returns whether that came within `limitMs` */
  async untilPaid(limitMs: number): Promise<boolean> {
    const giveUpAt = performance.now() + limitMs;
    let forgottenSince: number | undefined;
    while (performance.now() < giveUpAt) {
      const page = await this.look();
      const heading = page?.heading;
      if (heading === 'Payment successful') {
        if (this.debits === 0) this.lies.push(PAID_FOR_NOTHING);
        return true;
      }
      if (heading === 'Page not found') {
        forgottenSince ??= performance.now();
        if (performance.now() - forgottenSince > FORGOTTEN_AFTER_MS) await this.arrive().catch(() => {});
      } else forgottenSince = undefined;
      if (page && this.webview?.has(/^Pay /)) await this.#tapAgain(page);
      else if (heading === undefined || this.#mustReopen(heading)) await this.#reopen();
      else await pause(LOOK_EVERY_MS);
    }
    return false;
  }

  async #tapAgain(page: Page): Promise<void> {
    // Pay is offered: that says that nothing was charged for this order.
    if (this.debits > 0) this.lies.push(`it offers Pay under "${page.heading}" after a debit`);
    await this.tap();
  }

  #mustReopen(heading: string): boolean {
    return ['Open this from the Maya app', 'Payment failed', 'Payment declined', 'Your order'].includes(
      heading,
    );
  }

  /** The tile again, and back to the order that is open. */
  async #reopen(): Promise<void> {
    await pause(LOOK_EVERY_MS);
    try {
      if (!this.order) return await this.arrive();
      if (!(await this.#isUp())) return;
      await this.webview?.close();
      this.webview = await this.#stage.launch(this.id);
    } catch {
      // The server is gone once more: the next turn tries again.
    }
  }

  async #isUp(): Promise<boolean> {
    return fetch(`${this.#stage.appUrl}/api/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  async close(): Promise<void> {
    await this.webview?.close();
  }
}
