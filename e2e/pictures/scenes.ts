import { freshCustomer, goToCheckout, type Stage } from '../built/stage.ts';
import type { ScenarioName } from '../simulator/maya/scenarios/catalogue.ts';
import type { Webview } from '../webview/webview.ts';
import { addSecondPayment } from './second-payment.ts';

/** Where a page stands, and whose it is. */
export type Shown = { path: string; cookies: string };

/** A page in the state that matters, and how a customer gets there. */
export type Scene = { name: string; prepare: (stage: Stage) => Promise<Shown> };

/** For a browser that looks at it in that language. */
export const cookiesOf = ({ cookies }: Shown, locale: string, url: string) =>
  [...cookies.split('; ').filter(Boolean), `locale=${locale}`].map((pair) => ({
    name: pair.slice(0, pair.indexOf('=')),
    value: pair.slice(pair.indexOf('=') + 1),
    url,
  }));

/** A customer who has launched the shop and then does something, ending on a page. */
const scene = (
  name: string,
  act: (webview: Webview, stage: Stage, customer: string) => string | Promise<string>,
): Scene => ({
  name,
  prepare: async (stage) => {
    const customer = freshCustomer();
    const webview = await stage.launch(customer, { name: 'Maria Santos' });
    const path = await act(webview, stage, customer);
    return { path, cookies: webview.cookieHeader };
  },
});

/** Pays while Maya behaves as the scenario says. */
const paid = (name: string, scenario: ScenarioName | null, calls?: number): Scene =>
  scene(name, async (webview, stage, customer) => {
    const order = await goToCheckout(webview);
    if (scenario !== null)
      stage.simulator.maya.setScenario({ customer, name: scenario, ...(calls ? { calls } : {}) });
    await webview.submit(/^Pay /);
    return `/orders/${order}`;
  });

async function order(webview: Webview): Promise<string> {
  return `/orders/${await goToCheckout(webview)}`;
}

const BEANS = { 'choice.size': '500', 'choice.grind': 'drip', quantity: '2' };

async function fillCart(webview: Webview): Promise<void> {
  await webview.open('/items/barako');
  await webview.submit('Add to cart', BEANS);
  await webview.submit(/^Add Ensaymada/);
  await webview.open('/items/my-bill');
  await webview.submit('Add to cart', { amount: '1,250.75' });
}

export const SCENES: readonly Scene[] = [
  scene('shop', () => '/'),
  scene('shop-added', async (webview) => {
    await webview.open('/');
    await webview.submit(/^Add Tablea/);
    return '/?notice=added';
  }),
  scene('shop-with-payment-pending', async (webview, stage, customer) => {
    await goToCheckout(webview);
    stage.simulator.maya.setScenario({ customer, name: 'execute-timeout-charged' });
    await webview.submit(/^Pay /);
    return '/';
  }),
  scene('item', () => '/items/barako'),
  scene('item-bill', () => '/items/my-bill?notice=bill-amount'),
  scene('cart', async (webview) => {
    await fillCart(webview);
    return '/cart';
  }),
  scene('cart-empty', () => '/cart'),
  scene('checkout', async (webview) => {
    await fillCart(webview);
    await webview.open('/cart');
    return (await webview.submit('Check out')).url.pathname;
  }),
  scene('checkout-same-total', async (webview) => {
    await goToCheckout(webview);
    await webview.submit(/^Pay /);
    return `/checkout/${await goToCheckout(webview)}`;
  }),
  paid('confirming', 'execute-timeout-charged'),
  paid('confirming-by-hand', 'execute-other-id'),
  paid('approved', null),
  paid('declined', 'declined-balance-code'),
  paid('declined-limit', 'declined-limit-code'),
  paid('failed', 'create-refused'),
  scene('charged-twice', async (webview, stage) => {
    const path = await order(webview);
    await webview.submit(/^Pay /);
    await addSecondPayment(stage.store, path.split('/').at(-1) ?? '');
    return path;
  }),
  scene('expired', async (webview, stage) => {
    const path = await order(webview);
    await stage.store.db
      .updateTable('orders')
      .set({ expires_at: 1 })
      .where('id', '=', path.split('/').at(-1) ?? '')
      .execute();
    return path;
  }),
  scene('cancelled', async (webview) => {
    const path = await order(webview);
    await webview.submit('Cancel order');
    return path;
  }),
  scene('orders', async (webview, stage, customer) => {
    await goToCheckout(webview);
    await webview.submit(/^Pay /);
    await goToCheckout(webview, 'Ensaymada');
    stage.simulator.maya.setScenario({ customer, name: 'declined-balance-code' });
    await webview.submit(/^Pay /);
    await goToCheckout(webview, 'Pandesal');
    return '/orders';
  }),
  scene('orders-empty', () => '/orders'),
  scene('open', () => '/open?reason=session-over'),
  scene('not-found', () => '/orders/nothing-here'),
];
