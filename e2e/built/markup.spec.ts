import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page, Webview } from '../webview/webview.ts';
import { freshCustomer, goToCheckout, openStage, type Stage } from './stage.ts';

/** Would run a script wherever it came into a page as it is. */
const MARKUP = '<img src=x onerror=alert(1)>';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage('sqlite', {
    env: { MERCHANT_NAME: `Shop ${MARKUP}`, MERCHANT_SUPPORT: `Call ${MARKUP}` },
  });
});
afterAll(() => stage.close());

/** A page with no element that a text brought in, whatever stands there to be read. */
function expectPlain(page: Page): void {
  expect(page.root.querySelectorAll('[onerror], img[src="x"]')).toEqual([]);
  expect(page.html).not.toContain('<img src=x');
}

/** The order's lines as a catalogue of the merchant's would name them. */
async function nameLines(order: string): Promise<void> {
  const { lines } = await stage.store.db
    .selectFrom('orders')
    .select('lines')
    .where('id', '=', order)
    .executeTakeFirstOrThrow();
  const named = lines.replaceAll(/Tablea[^"]*/g, `Tablea ${MARKUP}`);
  expect(named).not.toBe(lines);
  await stage.store.db.updateTable('orders').set({ lines: named }).where('id', '=', order).execute();
}

/** A customer of such a name, whose order has such lines. */
async function shopper(): Promise<{ webview: Webview; order: string }> {
  const webview = await stage.launch(freshCustomer(), { name: MARKUP });
  const order = await goToCheckout(webview);
  await nameLines(order);
  return { webview, order };
}

describe('F2: markup in a name', () => {
  test('of the customer, the merchant, and what is bought: text on every page', async () => {
    const { webview, order } = await shopper();
    const checkout = await webview.open(`/checkout/${order}`);
    expectPlain(checkout);
    // Of a customer’s name the first letter of each part is shown.
    expect(checkout.html).toContain('&lt;•••••');
    for (const text of [`Tablea ${MARKUP}`, `Shop ${MARKUP}`, `Call ${MARKUP}`])
      expect(checkout.text).toContain(text);

    const receipt = await webview.submit(/^Pay /);
    expect(receipt.heading).toBe('Payment successful');
    expectPlain(receipt);
    for (const text of [`Tablea ${MARKUP}`, `Shop ${MARKUP}`, `Call ${MARKUP}`])
      expect(receipt.text).toContain(text);

    for (const path of [
      '/',
      '/cart',
      '/orders',
      '/open?reason=session-over',
      `/orders/${order}?notice=${MARKUP}`,
    ])
      expectPlain(await webview.open(path));
    await webview.close();
  });

  test('in what a form sends: it is said nowhere', async () => {
    const webview = await stage.launch(freshCustomer());
    for (const [field, value] of [
      ['item', MARKUP],
      ['quantity', MARKUP],
      ['choice.size', MARKUP],
      [`choice.${MARKUP}`, 'x'],
    ] as const) {
      await webview.open('/');
      expectPlain(await webview.submit(/^Add Tablea/, { [field]: value }));
    }
    await webview.close();
  });
});
