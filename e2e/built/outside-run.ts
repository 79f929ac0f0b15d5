import { customerIdOf } from '#lib/payments/ecommpay/customer-id.ts';
import { Webview } from '../webview/webview.ts';
import { goToCheckout, type Stage } from './stage.ts';

export type RailInterface = 'page' | 'gate';

/** One customer in an ordinary browser without JavaScript, with an order that is to be paid by ECommPay. */
export type OutsideCustomer = {
  rail: RailInterface;
  browser: Webview;
  order: string;
  /** What ECommPay knows this customer by. */
  customer: string;
  /** The order's payments, in no order. */
  payments(): Promise<PaymentOfOrder[]>;
};

export type PaymentOfOrder = { id: string; state: string; reason: string | null };

/** A wallet of the simulator's that never runs dry. */
export const FULL_WALLET = 'full-wallet';

export const fillWallet = ({ simulator }: Stage) =>
  simulator.maya.saveCustomer({ id: FULL_WALLET, name: 'Maria Santos', balanceCentavos: 1_000_000_000 });

/** A visitor of the shop, up to the checkout page. */
export async function visit(
  stage: Stage,
  rail: RailInterface,
  onBody?: (body: string) => void,
): Promise<OutsideCustomer> {
  const browser = new Webview({ appUrl: stage.appUrl, ...(onBody ? { onBody } : {}) });
  const order = await goToCheckout(browser);
  const { session_id: row } = await stage.store.db
    .selectFrom('orders')
    .select('session_id')
    .where('id', '=', order)
    .executeTakeFirstOrThrow();
  return {
    rail,
    browser,
    order,
    customer: customerIdOf({ row, customerId: null }),
    payments: () =>
      stage.store.db
        .selectFrom('payments')
        .select(['id', 'state', 'reason'])
        .where('order_id', '=', order)
        .execute(),
  };
}

/** What the Pay button sends. */
export const payForm = ({ browser }: OutsideCustomer, email = 'ana@example.com') =>
  browser.prepare(/^Pay /, { email });

const EVERY_MS = 150;
const pause = () => new Promise((resolve) => setTimeout(resolve, EVERY_MS));

const isWallet = (browser: Webview) => browser.page?.heading === 'Approve this payment?';

/**
 * From the hand-over to the wallet's question, by way of the Payment Page where there is one.
 *
 * @returns whether the wallet asks; `false` when nobody was sent there in time
 */
export async function goToWallet(
  { browser, order }: Pick<OutsideCustomer, 'browser' | 'order'>,
  withinMs: number,
): Promise<boolean> {
  const until = Date.now() + withinMs;
  for (;;) {
    await browser.open(new URL(`/handover/${order}`, browser.appUrl).href);
    await goOn(browser);
    if (browser.has('Continue to PayMaya')) await browser.submit('Continue to PayMaya');
    if (isWallet(browser)) return true;
    if (Date.now() > until) return false;
    await pause();
  }
}

/** By the link or the form of the hand-over, which a script would follow by itself. */
async function goOn(browser: Webview): Promise<void> {
  const address = browser.link('Continue to PayMaya');
  if (address?.startsWith('http')) await browser.open(address);
  else if (browser.has('Continue to PayMaya')) await browser.submit('Continue to PayMaya');
}

/** Says yes in the wallet, and comes back to the order's page as the wallet or the Payment Page leads. */
export async function approve(
  { browser, order }: Pick<OutsideCustomer, 'browser' | 'order'>,
  withinMs: number,
): Promise<void> {
  await browser.submit(/^Approve /, { does: 'approve', wallet: FULL_WALLET });
  const until = Date.now() + withinMs;
  while (browser.page?.url.pathname === '/payment/result') {
    const again = browser.link('Try again');
    const back = browser.link(/^Back to /);
    if (again) {
      await browser.open(again);
      await browser.submit(/^Approve /, { does: 'approve', wallet: FULL_WALLET });
    } else if (back) await browser.open(back);
    else if (Date.now() > until) await browser.open(new URL(`/orders/${order}`, browser.appUrl).href);
    else {
      await pause();
      await browser.open(browser.page.url.href);
    }
  }
}

export type Told = { state: string; duplicatePaid: boolean };

/** What the order's address tells now. */
export async function told({ browser, order }: OutsideCustomer): Promise<Told> {
  const answer = await browser.send('GET', new URL(`/api/orders/${order}`, browser.appUrl));
  return (await answer.body.json()) as Told;
}

const SETTLED = new Set(['approved', 'declined', 'failed', 'review']);

/** Waits until the order's address tells an end. @returns the last state, an end or not */
export async function settled(customer: OutsideCustomer, withinMs: number): Promise<string> {
  const until = Date.now() + withinMs;
  for (;;) {
    const { state } = await told(customer);
    if (SETTLED.has(state) || Date.now() > until) return state;
    await pause();
  }
}
