import { expect, test } from 'vitest';
import { bench, signedAnswer } from '#e2e/rig/ecommpay-wire.ts';
import { askPaymentStatus } from './payment-status.ts';
import { verify } from './signature.ts';
import { SECRET } from './spec-helpers.ts';

const ID = '01991a2b-0000-7000-8000-000000000001';
const DATA = {
  project_id: 580,
  payment: { id: ID, type: 'purchase', status: 'success', sum: { amount: 149_950, currency: 'PHP' } },
  operations: [
    { id: 1, type: 'sale', status: 'decline', code: '20105' },
    { id: 2, type: 'sale', status: 'success', code: '0' },
    { id: 3, type: 'customer action', status: 'processing' },
  ],
};
const json = (status: number, body: unknown) => () => Response.json(body, { status });
const shell = {
  payment: { id: ID, status: 'error' },
  errors: [{ code: '3061', message: 'Transaction not found' }],
};

test('asks by our payment id, signed', async () => {
  const { api, sent } = bench(() => signedAnswer(DATA));
  expect(await askPaymentStatus(api, ID)).toMatchObject({
    kind: 'found',
    report: { paymentId: ID, reading: 'success', operation: { id: '2', code: '0' } },
  });
  expect(sent[0]?.url).toBe('https://gate.test/v2/payment/status');
  expect(sent[0]?.body).toMatchObject({ general: { project_id: 580, payment_id: ID } });
  expect(verify(sent[0]?.init.body, SECRET)).toBe(true);
});

test.each<[string, () => Response, object]>([
  ['found', () => signedAnswer(DATA), { kind: 'found' }],
  [
    'found, without operations',
    () => signedAnswer({ payment: DATA.payment }),
    { kind: 'found', report: { operation: null } },
  ],
  ['without a signature', json(200, DATA), { kind: 'unclear', reason: 'unsigned' }],
  ['signed by somebody else', () => signedAnswer(DATA, 200, 'x'), { kind: 'unclear', reason: 'forged' }],
  [
    'of another payment',
    () => signedAnswer({ ...DATA, payment: { ...DATA.payment, id: 'x' } }),
    { kind: 'unclear', reason: 'other_payment' },
  ],
  [
    'payment data under another status',
    () => signedAnswer(DATA, 202),
    { kind: 'unclear', reason: 'status_202' },
  ],
  ['not found, 404', json(404, { status: 'error', code: '3061' }), { kind: 'not_found' }],
  ['not found, 400, a number', json(400, { status: 'error', code: 3061 }), { kind: 'not_found' }],
  ['not found, 200 with errors', json(200, shell), { kind: 'not_found' }],
  ['not found, signed', () => signedAnswer(shell), { kind: 'not_found' }],
  ['not found behind a 502', json(502, { code: '3061' }), { kind: 'unclear', code: '3061' }],
  [
    'a payment that has such an error among others',
    () => signedAnswer({ ...DATA, errors: [{ code: '3061' }] }),
    { kind: 'found' },
  ],
  ['a bare 404', () => new Response('', { status: 404 }), { kind: 'unclear', reason: 'unreadable' }],
  [
    'wrong project',
    json(400, { status: 'error', code: '2442' }),
    { kind: 'refused', meaning: 'configuration' },
  ],
  [
    'wrong signature',
    json(400, { status: 'error', code: '3261' }),
    { kind: 'refused', meaning: 'our_fault' },
  ],
  ['internal error', json(400, { status: 'error', code: '501' }), { kind: 'unclear', code: '501' }],
  ['HTML', () => new Response('<html>', { status: 200 }), { kind: 'unclear', reason: 'unreadable' }],
])('%s', async (_name, answer, outcome) => {
  const { api } = bench(answer);
  expect(await askPaymentStatus(api, ID)).toMatchObject(outcome);
});
