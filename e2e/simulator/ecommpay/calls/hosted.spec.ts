import { parse } from 'node-html-parser';
import { describe, expect, test } from 'vitest';
import { type Body, createRig, type Rig } from '../rig.ts';

const MINUTE_MS = 60_000;

const headingOf = (text: string) => parse(text).querySelector('h1')?.textContent;
const linksOf = (text: string) =>
  parse(text)
    .querySelectorAll('a')
    .map((link) => link.getAttribute('href'));
const locationOf = ({ reply }: { reply: { kind: string; headers?: Record<string, string> } }) =>
  reply.headers?.location ?? '';
const pathOf = (address: string) => address.replace('http://localhost:4000', '');

/** From the form's confirmation to the wallet's page. */
const toWallet = (rig: Rig, id = 'a', more: Body = {}) => pathOf(locationOf(rig.confirm({ id, more })));
const tokenIn = (address: string) => new URL(address, 'http://localhost').searchParams.get('t') ?? '';
const answer = (rig: Rig, walletPath: string, does: string, wallet = 'maria') =>
  rig.submit('/payment/wallet', { t: tokenIn(walletPath), does, wallet });

describe('the Payment Page', () => {
  test('shows what is paid, and registers nothing before the customer confirms', () => {
    const rig = createRig({}, { merchantName: 'Tala & Sons' });
    const { status, text } = rig.browse(
      rig.pageAddress({ id: 'a', more: { payment_description: 'Two <b>bags</b>' } }),
    );
    expect(status).toBe(200);
    expect(headingOf(text)).toBe('Pay Tala & Sons');
    expect(text).toContain('Tala &amp; Sons');
    expect(text).toContain('₱100.00');
    expect(text).toContain('Two &lt;b&gt;bags&lt;/b&gt;');
    const email = parse(text).querySelector('input[type=email]');
    expect(email?.getAttribute('value')).toBe('maria@example.com');
    expect(text).not.toContain('<script');
    expect(rig.status('a').body.code).toBe('3061');
  });

  test('asks for the e-mail address, and again for a right one', () => {
    const rig = createRig();
    const address = rig.pageAddress({ id: 'a', more: { customer_email: undefined } });
    expect(parse(rig.browse(address).text).querySelector('input[type=email]')?.getAttribute('value')).toBe(
      '',
    );
    const again = rig.submit(address, { email: 'maria' });
    expect(again.status).toBe(200);
    expect(parse(again.text).querySelector('[role=alert]')?.textContent).toContain('not an e-mail address');
    expect(rig.ecommpay.payments()).toEqual([]);
    expect(rig.submit(address, { email: 'ana@example.com' }).status).toBe(303);
    expect(rig.payment('a').email).toBe('ana@example.com');
    expect(rig.kinds()).toEqual([]);
  });

  test('leads to the wallet, back to the waiting, and to the result after the callback', () => {
    const rig = createRig();
    const wallet = toWallet(rig);
    expect(rig.payment('a')).toMatchObject({ through: 'page', status: 'awaiting redirect result' });
    expect(rig.received).toEqual([]);
    expect(headingOf(rig.browse(wallet).text)).toBe('Approve this payment?');

    const back = answer(rig, wallet, 'approve');
    expect(back.status).toBe(303);
    expect(rig.ecommpay.ledger().debits).toMatchObject([{ wallet: 'maria', amountCentavos: 10_000 }]);
    const waiting = rig.browse(locationOf(back));
    expect(headingOf(waiting.text)).toBe('Waiting for the result');
    expect(waiting.reply).toMatchObject({ headers: { refresh: '2' } });
    expect(linksOf(waiting.text)).toEqual([locationOf(back)]);
    rig.pass(2_000);
    expect(rig.told()).toEqual(['success / success / 0']);
    const result = rig.browse(locationOf(back));
    expect(headingOf(result.text)).toBe('Payment successful');
    expect(linksOf(result.text)).toEqual(['https://shop.example/ok?order=1&state=ok']);
    expect(result.reply).not.toMatchObject({ headers: { refresh: '2' } });
    expect(rig.kinds()).toEqual([]);
  });

  test('the same address again goes on where the payment is, and makes no second one', () => {
    const rig = createRig();
    const address = rig.pageAddress({ id: 'a' });
    const wallet = toWallet(rig);
    expect(pathOf(locationOf(rig.browse(address)))).toBe(wallet);
    expect(pathOf(locationOf(rig.submit(address, { email: 'x@example.com' })))).toBe(wallet);
    answer(rig, wallet, 'approve');
    expect(locationOf(rig.browse(address))).toMatch(/^\/payment\/result/);
    rig.pass(2 * 86_400_000);
    expect(locationOf(rig.browse(address))).toMatch(/^\/payment\/result/);
    expect(rig.ecommpay.ledger().debits).toHaveLength(1);
    expect(rig.kinds()).toEqual([]);
  });

  test('E12: the same payment id with another amount is refused', () => {
    const rig = createRig();
    toWallet(rig);
    const { status, text } = rig.browse(rig.pageAddress({ id: 'a', amount: 5_000 }));
    expect([status, headingOf(text)]).toEqual([400, 'This payment can’t be made']);
    expect(text).toContain('code 3041');
    expect(rig.kinds()).toEqual(['payment-id-reused']);
  });

  test('after best_before nothing can be started, what was started goes on', () => {
    const rig = createRig();
    const [late, early] = [rig.pageAddress({ id: 'late' }), rig.pageAddress({ id: 'early' })];
    rig.submit(early, { email: 'maria@example.com' });
    rig.pass(31 * MINUTE_MS);
    expect(rig.browse(late)).toMatchObject({ status: 410 });
    expect(headingOf(rig.submit(late, { email: 'maria@example.com' }).text)).toBe('This page has expired');
    expect(linksOf(rig.browse(late).text)).toEqual(['https://shop.example/fail']);
    expect(rig.status('late').body.code).toBe('3061');
    expect(headingOf(rig.browse(pathOf(locationOf(rig.browse(early)))).text)).toBe('Approve this payment?');
  });

  test('redirect_…_url leads on by itself once the result is there', () => {
    const rig = createRig();
    const more = { redirect_success_url: 'https://shop.example/auto', merchant_success_url: undefined };
    const back = locationOf(answer(rig, toWallet(rig, 'a', more), 'approve'));
    expect(rig.browse(back).status).toBe(200);
    rig.pass(2_000);
    expect(locationOf(rig.browse(back))).toBe('https://shop.example/auto');
  });

  test('a decline says its code and leads back; a second attempt is offered where there is one', () => {
    const rig = createRig();
    rig.scenario('decline-20101');
    const declined = locationOf(answer(rig, toWallet(rig, 'a'), 'approve'));
    rig.scenario('second-attempt');
    const wallet = toWallet(rig, 'b');
    const again = locationOf(answer(rig, wallet, 'approve'));
    rig.pass(2_000);
    const { text } = rig.browse(declined);
    expect(headingOf(text)).toBe('Payment declined');
    expect(text).toContain('code 20101');
    expect(linksOf(text)).toEqual(['https://shop.example/fail']);
    expect(linksOf(rig.browse(again).text).map((link) => pathOf(link ?? ''))).toEqual([
      wallet,
      'https://shop.example/fail',
    ]);
    answer(rig, wallet, 'approve');
    rig.pass(2_000);
    expect(headingOf(rig.browse(again).text)).toBe('Payment successful');
  });

  test.each([
    ['another project', { project_id: '211' }, '2442', 'project-id'],
    ['no project', { project_id: undefined }, '2004', 'field-missing'],
    ['no payment id', { payment_id: undefined }, '3024', 'field-missing'],
    ['no customer', { customer_id: undefined }, '2154', 'field-missing'],
    ['pesos', { payment_amount: '100.00' }, '502', 'field-invalid'],
    ['₱19.99', { payment_amount: '1999' }, '3358', 'amount-range'],
    ['₱15,000.01', { payment_amount: '1500001' }, '2642', 'amount-range'],
    ['dollars', { payment_currency: 'USD' }, '3023', 'currency'],
    ['no e-mail address', { customer_email: 'maria' }, '2426', 'email'],
    ["Gate's code of the method", { force_payment_method: 'wallet/paymaya' }, '2541', 'field-invalid'],
    ['a wrong date', { best_before: '2027-01-15' }, '502', 'field-invalid'],
    ['a date that is none', { best_before: '2027-13-45T00:00:00+00:00' }, '502', 'field-invalid'],
    ['a script for an address', { merchant_success_url: 'javascript:0' }, '502', 'return-url'],
    ['a callback to a path', { merchant_callback_url: '/x' }, '502', 'callback-url'],
    ['a semicolon', { payment_description: 'a;b' }, '502', 'semicolon'],
    ['an unsigned parameter', { _plugin_version: '1' }, '502', 'field-unknown'],
    ['three letters for a language', { language_code: 'eng' }, '502', 'field-invalid'],
  ] as const)('with %s is refused and noted', (_, more, code, kind) => {
    const rig = createRig();
    const { status, text } = rig.browse(rig.pageAddress({ more }));
    expect(status).toBe(400);
    expect(text).toContain(`code ${code}`);
    expect(rig.kinds()[0]).toBe(kind);
  });

  test.each([
    [
      'without a signature',
      (address: string) => address.replace(/signature=[^&]+&/, ''),
      '3262',
      'signature-missing',
    ],
    [
      'changed by the customer',
      (address: string) => address.replace('=10000', '=5000'),
      '3261',
      'signature-invalid',
    ],
    ['with a parameter twice', (address: string) => `${address}&language_code=en`, '702', 'duplicate-key'],
  ] as const)('E12: %s is refused and noted', (_, change, code, kind) => {
    const rig = createRig();
    expect(rig.browse(change(rig.pageAddress())).text).toContain(`code ${code}`);
    expect(rig.kinds()).toEqual([kind]);
  });

  test.each(['2027-01-15T00:30:00+00', '2027-01-15T00:30:00+0000', '2027-01-15T08:30:00+08:00'])(
    'best_before may be %s',
    (best_before) => {
      const rig = createRig();
      const address = rig.pageAddress({ more: { best_before } });
      rig.pass(29 * MINUTE_MS);
      expect(rig.browse(address).status).toBe(200);
      rig.pass(2 * MINUTE_MS);
      expect(rig.browse(address).status).toBe(410);
    },
  );

  test('the duplicate guard refuses at the confirmation', () => {
    const rig = createRig({ duplicateWindowMs: MINUTE_MS });
    rig.confirm({ id: 'a' });
    expect(rig.confirm({ id: 'b' }).text).toContain('code 3613');
    expect(rig.ecommpay.payments()).toHaveLength(1);
  });
});

describe('the wallet', () => {
  const overGate = (more: Body = {}) => {
    const rig = createRig();
    rig.sale({ id: 'a', more });
    rig.pass(1_000);
    const redirect = rig.received[0]?.body.redirect_data as { url: string } | undefined;
    return { rig, wallet: pathOf(redirect?.url ?? '') };
  };

  test('offers every wallet with its balance', () => {
    const { rig, wallet } = overGate();
    const page = parse(rig.browse(wallet).text);
    expect(page.querySelectorAll('input[type=radio]').map((choice) => choice.getAttribute('value'))).toEqual([
      'maria',
      'jose',
    ]);
    expect(page.textContent).toContain('₱5,000.00');
  });

  test.each([
    ['approve', { success: 'https://s.example/', decline: 'https://d.example/' }, 'https://s.example/'],
    ['cancel', { success: 'https://s.example/', decline: 'https://d.example/' }, 'https://d.example/'],
    ['cancel', { success: 'https://s.example/', decline: undefined }, 'https://s.example/'],
  ])('over Gate %s leads to the merchant at once, before any result', (does, return_url, location) => {
    const { rig, wallet } = overGate({ return_url });
    expect(locationOf(answer(rig, wallet, does))).toBe(location);
    expect(rig.received).toHaveLength(1);
    expect(rig.payment('a').status).toBe('processing');
  });

  test('a second tap, an old page and a late visit change nothing', () => {
    const { rig, wallet } = overGate();
    answer(rig, wallet, 'approve');
    expect(headingOf(answer(rig, wallet, 'approve').text)).toBe('Nothing to approve');
    expect(headingOf(answer(rig, wallet, 'cancel').text)).toBe('Nothing to approve');
    rig.pass(2_000);
    expect(linksOf(rig.browse(wallet).text)).toEqual(['https://shop.example/orders/1']);
    expect(rig.ecommpay.ledger().debits).toHaveLength(1);
    expect(rig.payment('a').status).toBe('success');
  });

  test('nonsense is answered with the question again, an unknown address with a page', () => {
    const { rig, wallet } = overGate();
    expect(headingOf(answer(rig, wallet, 'steal').text)).toBe('Approve this payment?');
    expect(headingOf(answer(rig, wallet, 'approve', 'nobody').text)).toBe('Approve this payment?');
    for (const address of ['/payment/wallet?t=x', '/payment/wallet', '/payment/result?t=']) {
      expect(rig.browse(address)).toMatchObject({ status: 404 });
    }
    expect(rig.kinds()).toEqual([]);
  });

  test('customer-walks-away: whatever is tapped is forgotten, and the customer is back in the shop', () => {
    const rig = createRig();
    rig.scenario('customer-walks-away');
    const wallet = toWallet(rig);
    const back = locationOf(answer(rig, wallet, 'approve'));
    rig.pass(MINUTE_MS);
    expect(rig.payment('a').status).toBe('awaiting redirect result');
    expect(linksOf(rig.browse(back).text).map((link) => pathOf(link ?? ''))).toEqual([back, wallet]);
    expect(rig.ecommpay.ledger().debits).toEqual([]);
  });
});

test('act says the same as the buttons, and refuses what they would not offer', () => {
  const rig = createRig();
  rig.sale({ id: 'a' });
  const refused = (request: unknown) => {
    try {
      rig.ecommpay.act(request);
    } catch (error) {
      return (error as { code: string }).code;
    }
    return 'done';
  };
  expect(refused({ payment: 'a', does: 'approve' })).toBe('nothing_to_decide');
  rig.pass(1_000);
  expect(refused({ payment: 'b', does: 'approve' })).toBe('unknown_payment');
  expect(refused({ payment: 'a', does: 'approve', wallet: 'nobody' })).toBe('unknown_wallet');
  expect(refused({ payment: 'a' })).toBe('invalid_act');
  expect(refused({ payment: 'a', does: 'cancel' })).toBe('done');
  expect(refused({ payment: 'a', does: 'approve' })).toBe('nothing_to_decide');
});
