import { describe, expect, test } from 'vitest';
import { maskText } from './mask.ts';
import { CREDENTIALS, createRig } from './rig.ts';

const EMAIL = 'maria@example.com';

/** Everything that happens: a page, a sale, a payout, callbacks, Data API, a wrong token. */
function busy() {
  const rig = createRig({ payoutNeedsSale: false });
  rig.browse(rig.pageAddress({ id: 'page' }));
  rig.confirm({ id: 'page' });
  rig.sale({ id: 'sale' });
  rig.payout({ id: 'payout', customer: 'c-2' });
  rig.pass(5_000);
  rig.status('sale');
  rig.data('balance/get', {});
  return rig;
}

describe('the log', () => {
  test('has every call both ways, with the ids it speaks of and how it ended', () => {
    const { ecommpay } = busy();
    expect(
      ecommpay
        .log()
        .map(({ direction, call, payment, customer, status, delivered }) => [
          direction,
          call,
          payment,
          customer,
          status,
          delivered,
        ]),
    ).toEqual([
      ['to-ecommpay', 'page', 'page', 'c-1', 200, true],
      ['to-ecommpay', 'page', 'page', 'c-1', 303, true],
      ['to-ecommpay', 'sale', 'sale', 'c-1', 200, true],
      ['to-ecommpay', 'payout', 'payout', 'c-2', 200, true],
      ['to-app', 'callback', 'sale', 'c-1', 200, true],
      ['to-app', 'callback', 'payout', 'c-2', 200, true],
      ['to-ecommpay', 'status', 'sale', 'c-1', 200, true],
      ['to-ecommpay', 'balance', null, null, 200, true],
    ]);
  });

  test('by customer, by payment, and after a number', () => {
    const { ecommpay } = busy();
    expect(ecommpay.log({ customer: 'c-2' })).toHaveLength(2);
    expect(ecommpay.log({ payment: 'sale' })).toHaveLength(3);
    expect(ecommpay.log({ after: ecommpay.log().at(-2)?.number })).toHaveLength(1);
  });

  test('F4: holds no secret, no signature, no e-mail address, no wallet number and no name', () => {
    const { ecommpay, received } = busy();
    const text = JSON.stringify(ecommpay.log());
    for (const { value } of ecommpay.secrets()) expect(text).not.toContain(value);
    for (const { body } of received) expect(text).not.toContain(body.signature);
    for (const personal of [EMAIL, encodeURIComponent(EMAIL), '09171234567"', 'Maria Santos']) {
      expect(text).not.toContain(personal);
    }
    expect(text).toContain('…(88)');
    expect(text).toContain('…@…(17)');
  });

  test('a callback that fails says how', () => {
    const rig = createRig();
    const answers = ['timeout', 'unreachable', 500] as const;
    let at = 0;
    rig.answers(() => answers[at++] ?? 200);
    rig.sale();
    rig.pass(60_000);
    expect(rig.ecommpay.log().map(({ status, delivered }) => [status, delivered])).toEqual([
      [200, true],
      ['timeout', false],
      ['unreachable', false],
      [500, true],
      [200, true],
    ]);
  });

  test('keeps the newest 2,000', () => {
    const rig = createRig();
    for (let at = 0; at < 2_005; at++) rig.ask({ method: 'GET', path: '/v2/x', headers: {}, body: '' });
    expect(rig.ecommpay.log()).toHaveLength(2_000);
    expect(rig.ecommpay.log()[0]?.number).toBe(6);
  });
});

test.each([
  ['{"signature":"abc"}', '{"signature":"…(3)"}'],
  ['/payment?signature=abc%3D&x=1', '/payment?signature=…(6)&x=1'],
  ['{"a":"a.b+c@mail.example.ph"}', '{"a":"…@…(21)"}'],
  ['email=maria%40example.com', 'email=…@…(19)'],
  [
    '{"account":{"number":"0917","customer_name":"A"}}',
    '{"account":{"number":"…(4)","customer_name":"…(1)"}}',
  ],
  [`key ${CREDENTIALS.secret}`, 'key …(16)'],
  ['x'.repeat(200_000), 'x'.repeat(200_000)],
])('%.60j is shown as %.60j', (text, shown) => {
  expect(maskText(text, [CREDENTIALS.secret])).toBe(shown);
});
