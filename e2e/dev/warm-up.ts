/** Everything that a first visit comes through, in its order. What stands for an order need not exist. */
const ADDRESSES = [
  '/api/maya/session',
  '/launch',
  '/',
  '/open',
  '/cart',
  '/items/none',
  '/checkout/none',
  '/orders/none',
  '/api/orders/none',
  '/orders',
  '/handover/none',
  '/api/ecommpay/callback',
];

/**
 * Asks for each page once. A development server compiles a page when it is first asked for, which may take longer than
 * the five seconds in which Maya wants the Session URL answered.
 */
export async function openEachPage(
  appUrl: string,
  opened: (done: number, all: number) => void,
): Promise<void> {
  opened(0, ADDRESSES.length);
  for (const [index, address] of ADDRESSES.entries()) {
    // Only that it was asked for counts.
    await fetch(appUrl + address, { redirect: 'manual' })
      .then((response) => response.arrayBuffer())
      .catch(() => undefined);
    opened(index + 1, ADDRESSES.length);
  }
}
