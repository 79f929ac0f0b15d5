import {
  approve,
  fillWallet,
  goToWallet,
  type OutsideCustomer,
  payForm,
  type RailInterface,
  settled,
  visit,
} from '../built/outside-run.ts';
import { freshCustomer, goToCheckout, type Stage } from '../built/stage.ts';
import type { EcommpayScenarioName } from '../simulator/ecommpay/scenarios/catalogue.ts';
import { Webview } from '../webview/webview.ts';
import type { Scene, Shown } from './scenes.ts';
import { addSecondPayment, reversePayer, sayReturned } from './second-payment.ts';

/** A page of the rail outside Maya, on a stage where that rail is open by this interface. */
export type OutsideScene = Scene & { rail: RailInterface };

const LOOKS_FOR_MS = 15_000;

/** Somebody in an ordinary browser, with an order that is to be paid, who then does something. */
const scene = (
  name: string,
  rail: RailInterface,
  act: (customer: OutsideCustomer, stage: Stage) => Promise<string | Shown>,
): OutsideScene => ({
  name,
  rail,
  prepare: async (stage) => {
    fillWallet(stage);
    const customer = await visit(stage, rail);
    const shown = await act(customer, stage);
    const { cookieHeader: cookies } = customer.browser;
    await customer.browser.close();
    return typeof shown === 'string' ? { path: shown, cookies } : shown;
  },
});

const pageOf = ({ order }: OutsideCustomer) => `/orders/${order}`;

/** Taps Pay, and is on the way to the wallet while ECommPay behaves as the scenario says. */
async function begin(customer: OutsideCustomer, stage: Stage, name?: EcommpayScenarioName): Promise<void> {
  if (name) stage.simulator.ecommpay.setScenario({ name, customer: customer.customer });
  await customer.browser.open(...payForm(customer));
}

/** Says yes in the wallet, and waits until the outcome is known. */
async function payWith(customer: OutsideCustomer, stage: Stage, name?: EcommpayScenarioName): Promise<void> {
  await begin(customer, stage, name);
  if (!(await goToWallet(customer, LOOKS_FOR_MS))) throw new Error('nobody was led to the wallet');
  await approve(customer, LOOKS_FOR_MS);
  await settled(customer, LOOKS_FOR_MS);
  // The pick-up code comes a moment after the payment.
  await customer.browser.open(pageOf(customer));
}

/** The order's private link, as its page shows it. */
async function linkOf({ browser, order }: OutsideCustomer): Promise<string> {
  const page = await browser.open(`/orders/${order}`);
  const link = /http:\S+\?key=[\w-]+/.exec(page.text)?.[0] ?? '';
  return link.slice(new URL(link).origin.length);
}

/** The same page in a browser that has the link and nothing else. */
const byLink = async (customer: OutsideCustomer): Promise<Shown> => ({
  path: await linkOf(customer),
  cookies: '',
});

/** As it is when the Payment Page's address has ended. */
async function endAddress({ db }: Stage['store'], order: string): Promise<void> {
  const { id, request } = await db
    .selectFrom('ecommpay_sales')
    .innerJoin('payments', 'payments.id', 'ecommpay_sales.payment_id')
    .select(['payments.id', 'request'])
    .where('order_id', '=', order)
    .executeTakeFirstOrThrow();
  const ended = { ...(JSON.parse(request ?? '{}') as object), bestBeforeMs: Date.now() - 60_000 };
  await db
    .updateTable('ecommpay_sales')
    .set({ request: JSON.stringify(ended) })
    .where('payment_id', '=', id)
    .execute();
}

/** The shop as somebody inside Maya has it, where the other rail is open too. */
const inMaya: OutsideScene = {
  name: 'outside-link-in-maya',
  rail: 'page',
  prepare: async (stage) => {
    const webview = await stage.launch(freshCustomer(), { name: 'Maria Santos' });
    return { path: `/checkout/${await goToCheckout(webview)}`, cookies: webview.cookieHeader };
  },
};

/** A total above what PayMaya takes. */
const tooMuch: OutsideScene = {
  name: 'outside-too-much',
  rail: 'page',
  prepare: async (stage) => {
    const browser = new Webview({ appUrl: stage.appUrl });
    await browser.open('/items/my-bill');
    await browser.submit('Add to cart', { amount: '19,500' });
    await browser.open('/cart');
    const { url } = await browser.submit('Check out');
    await browser.close();
    return { path: url.pathname, cookies: browser.cookieHeader };
  },
};

export const OUTSIDE_SCENES: readonly OutsideScene[] = [
  scene('outside-checkout', 'page', async ({ order }) => `/checkout/${order}`),
  scene('outside-email-wrong', 'page', async ({ browser, ...customer }) => {
    const page = await browser.submit(/^Pay /, { email: 'ana@localhost;' });
    return page.url.pathname + page.url.search || pageOf({ browser, ...customer });
  }),
  scene('outside-updated', 'page', async ({ order }) => `/checkout/${order}?notice=updated`),
  tooMuch,
  inMaya,
  scene('outside-by-link', 'page', byLink),
  scene('outside-continue', 'page', async (customer, stage) => {
    await begin(customer, stage);
    return pageOf(customer);
  }),
  scene('outside-paid-elsewhere', 'page', async (customer, stage) => {
    const shown = await byLink(customer);
    await customer.browser.open(`/checkout/${customer.order}`);
    await begin(customer, stage);
    return shown;
  }),
  scene('outside-walked-away', 'page', async (customer, stage) => {
    await begin(customer, stage);
    await endAddress(stage.store, customer.order);
    return pageOf(customer);
  }),
  scene('outside-declined', 'page', async (customer, stage) => {
    await payWith(customer, stage, 'decline-20105');
    return pageOf(customer);
  }),
  scene('outside-money-differs', 'page', async (customer, stage) => {
    await payWith(customer, stage, 'paid-less');
    return pageOf(customer);
  }),
  scene('outside-receipt', 'page', async (customer, stage) => {
    await payWith(customer, stage);
    return pageOf(customer);
  }),
  scene('outside-receipt-by-link', 'page', async (customer, stage) => {
    await payWith(customer, stage);
    return byLink(customer);
  }),
  scene('outside-paid-twice', 'page', async (customer, stage) => {
    await payWith(customer, stage);
    await addSecondPayment(stage.store, customer.order);
    return pageOf(customer);
  }),
  scene('outside-paid-twice-returned', 'page', async (customer, stage) => {
    await payWith(customer, stage);
    const { second } = await addSecondPayment(stage.store, customer.order);
    await sayReturned(stage.store, second);
    return pageOf(customer);
  }),
  scene('outside-sent-back', 'page', async (customer, stage) => {
    await payWith(customer, stage);
    const { first, second } = await addSecondPayment(stage.store, customer.order);
    await sayReturned(stage.store, second);
    await reversePayer(stage.store, customer.order, first);
    return pageOf(customer);
  }),
  scene('outside-gate-waiting', 'gate', async (customer, stage) => {
    await begin(customer, stage, 'redirect-private');
    return `/handover/${customer.order}`;
  }),
  scene('outside-gate-gave-up', 'gate', async (customer, stage) => {
    await begin(customer, stage, 'redirect-private');
    await stage.store.db
      .updateTable('payments')
      .set({ opened_at: Date.now() - 120_000 })
      .where('order_id', '=', customer.order)
      .execute();
    return `/handover/${customer.order}`;
  }),
  scene('outside-gate-confirming', 'gate', async (customer, stage) => {
    await begin(customer, stage, 'redirect-private');
    return pageOf(customer);
  }),
];
