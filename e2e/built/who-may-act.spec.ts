import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Webview } from '../webview/webview.ts';
import { freshCustomer, goToCheckout, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage('sqlite', { rail: 'page' });
});
afterAll(() => stage.close());

type Headers = Record<string, string>;

/** Everything that an action of a customer's may change. */
async function shopRows(): Promise<unknown> {
  const { db } = stage.store;
  const rows: Record<string, unknown> = {};
  for (const table of ['carts', 'orders', 'payments', 'payment_events', 'ecommpay_sales'])
    rows[table] = (await sql`select * from ${sql.table(table)}`.execute(db)).rows;
  return rows;
}

/** Sends a form of the page that is open, with other headers than its own. @returns status and where it leads */
async function sendForm(webview: Webview, label: string | RegExp, headers: Headers, values: Headers = {}) {
  const [address, form] = webview.prepare(label, values);
  const answer = await webview.send('POST', new URL(address), form.body, form.type, headers);
  await answer.body.dump();
  return { status: answer.statusCode, to: String(answer.headers.location ?? '') };
}

const inMaya = async () => {
  const webview = await stage.launch(freshCustomer());
  await goToCheckout(webview);
  return webview;
};

/** Each action by the page it stands on, and its button. */
const ACTIONS: [string, () => Promise<Webview>, RegExp, Headers?][] = [
  ['pay', inMaya, /^Pay /],
  ['cancel', inMaya, /^Cancel order$/],
  [
    'add to cart',
    async () => {
      const webview = await stage.launch(freshCustomer());
      await webview.open('/');
      return webview;
    },
    /^Add Tablea/,
  ],
  [
    'start checkout',
    async () => {
      const webview = await stage.launch(freshCustomer());
      await webview.open('/');
      await webview.submit(/^Add Tablea/);
      await webview.open('/cart');
      return webview;
    },
    /^Check out$/,
  ],
  [
    'pay outside',
    async () => {
      const browser = new Webview({ appUrl: stage.appUrl });
      await goToCheckout(browser);
      return browser;
    },
    /^Pay /,
    { email: 'ana@example.com' },
  ],
];

/** Of another page than ours, or of nobody who says. */
const FOREIGN: [string, Headers][] = [
  ['C31: without Origin and without Sec-Fetch-Site', { origin: '' }],
  ['C31: without Origin, from another site', { origin: '', 'sec-fetch-site': 'cross-site' }],
  ['C31: without Origin, from a sister site', { origin: '', 'sec-fetch-site': 'same-site' }],
  ['C32: Origin null', { origin: 'null' }],
  [
    'C33: a forged X-Forwarded-Host that matches a foreign Origin',
    { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' },
  ],
  ['C31: another origin', { origin: 'https://evil.example' }],
];

describe.each(FOREIGN)('%s', (_name, headers) => {
  test.each(ACTIONS)('%s: nothing changes', async (_action, arrive, button, values) => {
    const webview = await arrive();
    const before = await shopRows();
    const { status, to } = await sendForm(webview, button, headers, values);
    expect(await shopRows()).toEqual(before);
    // Refused by us, or by Next before us.
    if (status === 303) expect(to).toBe('/?notice=try-again');
    else expect(status).toBeGreaterThanOrEqual(400);
    await webview.close();
  });
});

describe('C31: the same forms', () => {
  test.each(ACTIONS)('%s: from a page of ours, it is done', async (_action, arrive, button, values) => {
    const webview = await arrive();
    const before = await shopRows();
    expect((await sendForm(webview, button, {}, values)).status).toBe(303);
    expect(await shopRows()).not.toEqual(before);
    await webview.close();
  });

  test('without Origin but from the same origin, as some webviews send it: it is paid', async () => {
    const customer = freshCustomer();
    const webview = await stage.launch(customer);
    await goToCheckout(webview);
    const headers = { origin: '', 'sec-fetch-site': 'same-origin' };
    expect((await sendForm(webview, /^Pay /, headers)).status).toBe(303);
    expect(stage.simulator.maya.ledger(customer).debits).toHaveLength(1);
  });

  test('without a session: led to the page that says how to get in, and nothing is paid', async () => {
    const customer = freshCustomer();
    const webview = await stage.launch(customer);
    await goToCheckout(webview);
    const before = await shopRows();
    const [address, form] = webview.prepare(/^Pay /);
    const stranger = new Webview({ appUrl: stage.appUrl });
    const answer = await stranger.send('POST', new URL(address), form.body, form.type);
    await answer.body.dump();
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/open?reason=session-over']);
    expect(await shopRows()).toEqual(before);
    expect(stage.simulator.maya.payments(customer)).toEqual([]);
    await stranger.close();
  });
});

describe('C9: what the form says of the money', () => {
  test('is not read: the wallet is charged the total of the order', async () => {
    const customer = freshCustomer();
    const webview = await stage.launch(customer);
    const order = await goToCheckout(webview);
    const { total_centavos: total } = await stage.store.db
      .selectFrom('orders')
      .select('total_centavos')
      .where('id', '=', order)
      .executeTakeFirstOrThrow();
    const tampered = { amount: '1', amountCentavos: '1', total: '-5', totalCentavos: '0', currency: 'USD' };
    await sendForm(webview, /^Pay /, {}, tampered);
    expect(stage.simulator.maya.ledger(customer).debits).toMatchObject([{ amountCentavos: total }]);
    expect(stage.simulator.maya.payments(customer)).toMatchObject([{ amountCentavos: total }]);
  });

  test.each(['NaN', '1e21', '-1', '1.5', '0', '', 'Infinity', '1 or 1=1'])(
    'a version of "%s" pays nothing',
    async (version) => {
      const customer = freshCustomer();
      const webview = await stage.launch(customer);
      await goToCheckout(webview);
      const before = await shopRows();
      expect((await sendForm(webview, /^Pay /, {}, { version })).status).toBe(303);
      expect(await shopRows()).toEqual(before);
      expect(stage.simulator.maya.payments(customer)).toEqual([]);
    },
  );
});
