import { expect, test } from 'vitest';
import type { EcommpayScenarioName } from '../simulator/ecommpay/scenarios/catalogue.ts';
import { approve, fillWallet, goToWallet, payForm, settled, visit } from './outside-run.ts';
import { bundle, dump, logsOf, piece } from './searched-places.ts';
import { openStage, type Stage } from './stage.ts';

/** Scenarios that touch every place where something could slip out. */
const TOUCHING = {
  page: ['success', 'decline-20105', 'callback-forged', 'callback-unknown-payment', 'json-broken'],
  gate: ['success', 'answer-500', 'answer-not-json', 'request-refused-200', 'redirect-post'],
} as const satisfies Record<string, EcommpayScenarioName[]>;

/** What one customer typed and was given, and what this customer's browser was shown. */
type Customer = { email: string; key: string; walletToken: string | null; pages: string[] };

const address = (stage: Stage, path: string) => new URL(path, stage.appUrl).href;

async function shop(stage: Stage, rail: 'page' | 'gate', scenario: EcommpayScenarioName): Promise<Customer> {
  const pages: string[] = [];
  const customer = await visit(stage, rail, (body) => pages.push(body));
  const { browser, order } = customer;
  stage.simulator.ecommpay.setScenario({ customer: customer.customer, name: scenario });
  const email = `zenaida.${scenario}.quiambao@example.com`;
  await browser.submit(/^Pay /, { email: `${email};` });
  await browser.open(address(stage, `/checkout/${order}`));
  await browser.open(...payForm(customer, email));
  let walletToken: string | null = null;
  if (await goToWallet(customer, scenario === 'request-refused-200' ? 1_000 : 20_000)) {
    walletToken = browser.page?.url.searchParams.get('t') ?? null;
    await approve(customer, 20_000);
  }
  await settled(customer, 20_000);
  const page = await browser.open(address(stage, `/orders/${order}`));
  const key = /\?key=([\w-]{16,})/.exec(page.html)?.[1] ?? '';
  await browser.open(address(stage, `/orders/${order}?key=${key}`));
  await browser.open(address(stage, `/orders/00000000-0000-4000-8000-000000000000?key=${key}`));
  await browser.open(address(stage, '/orders'));
  await browser.open(address(stage, `/handover/${order}?key=${key}`));
  await browser.close();
  return { email, key, walletToken, pages };
}

test.each([
  ['page', 'sqlite'],
  ['gate', 'postgres'],
] as const)(
  'F2, F3: by %s, on %s: no secret, e-mail address or key in any log, bundle or page of somebody else',
  { timeout: 120_000 },
  async (rail, engine) => {
    const stage = await openStage(engine, {
      rail,
      env: { ECOMMPAY_SALE_BASE_SECONDS: '6', ECOMMPAY_RESEND_AFTER_SECONDS: '2' },
    });
    try {
      fillWallet(stage);
      const customers = await Promise.all(TOUCHING[rail].map((scenario) => shop(stage, rail, scenario)));
      const secrets = [
        ...stage.simulator.ecommpay.secrets().map(({ value }) => value),
        stage.secrets.sessionPassword,
      ];
      const ofCustomer = ({ email, key, walletToken }: Customer) => [
        email,
        encodeURIComponent(email),
        key,
        ...(walletToken === null ? [] : [walletToken]),
      ];
      const personal = customers.flatMap(ofCustomer);
      for (const secret of [...secrets, ...personal]) expect(secret.length).toBeGreaterThanOrEqual(16);
      expect(new Set(customers.map(({ key }) => key)).size).toBe(customers.length);
      // The search would find them: each customer's own pages do show them.
      for (const { key, email, pages } of customers) {
        expect(pages.join('\n')).toContain(key);
        if (rail === 'page') expect(pages.join('\n')).toContain(encodeURIComponent(email));
      }

      const logs = logsOf(stage).join('\n');
      expect(logs).toContain('"ecommpay.callback"');
      const found = (place: string, text: string, parts: string[]) =>
        parts.filter((part) => text.includes(part)).map((part) => `${part}… in ${place}`);
      const pieces = secrets.map(piece);
      expect([
        ...found('the logs', logs, [...pieces, ...personal, 'zenaida', 'quiambao']),
        ...found('the bundle', bundle(), [...pieces, ...personal]),
        ...found('the store', await dump(stage), pieces),
        ...customers.flatMap((customer, index) => [
          ...found('a page', customer.pages.join('\n'), pieces),
          ...customers.flatMap((other, of) =>
            of === index ? [] : found('a page of another', customer.pages.join('\n'), ofCustomer(other)),
          ),
        ]),
      ]).toEqual([]);

      // The request is kept, to be sent again word for word, until the payment is over.
      await expect
        .poll(async () => found('the store', await dump(stage), personal), { timeout: 30_000, interval: 250 })
        .toEqual([]);
    } finally {
      await stage.close();
    }
  },
);
