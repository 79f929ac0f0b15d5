import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ExecuteOutcome } from './execute-payment.ts';
import { readExecuteAnswer } from './execute-payment.ts';

const ID = '7d9c2f8a-1c51-4a7e-8a3b-5f0a3b1d9e42';
const OTHER_ID = '7d9c2f8a-1c51-4a7e-8a3b-5f0a3b1d9e43';
const EXPECTED = {
  p2mId: 'EXAMPLE-P2M-ID',
  amountCentavos: 149_950,
  requestReferenceNumber: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
};
const WHOLE = {
  id: ID,
  p2mId: EXPECTED.p2mId,
  requestReferenceNumber: EXPECTED.requestReferenceNumber,
  amount: { currency: 'PHP', value: 1499.5 },
};
const APPROVED = { ...WHOLE, status: 'APPROVED' };
const DECLINED = { ...WHOLE, status: 'DECLINED' };

const read = (response: Response) => readExecuteAnswer(response, ID, EXPECTED, 0);
const json = (status: number, body: unknown) => Response.json(body, { status });
const without = (body: Record<string, unknown>, field: string) =>
  Object.fromEntries(Object.entries(body).filter(([name]) => name !== field));

/** An answer whose connection breaks after half of its body. */
const cut = (status: number, body: unknown) => {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  const parts = [bytes.subarray(0, bytes.length / 2)];
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      const part = parts.shift();
      if (part) controller.enqueue(part);
      else controller.error(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    },
  });
  return new Response(stream, { status });
};

type Row = [name: string, response: Response, outcome: ExecuteOutcome];
const table = (rows: Row[]) =>
  test.each(rows)('%s', async (_, response, outcome) => expect(await read(response)).toEqual(outcome));

describe('a 2xx with a result of ours', () => {
  table([
    ['approved', json(200, APPROVED), { kind: 'approved', missing: [] }],
    ['approved under 201', json(201, APPROVED), { kind: 'approved', missing: [] }],
    [
      'approved in lower case',
      json(200, { ...WHOLE, status: 'approved' }),
      { kind: 'approved', missing: [] },
    ],
    [
      'approved with spaces',
      json(200, { ...WHOLE, status: ' Approved ' }),
      { kind: 'approved', missing: [] },
    ],
    ['declined', json(200, DECLINED), { kind: 'declined', missing: [] }],
    [
      'declined in mixed case',
      json(201, { ...WHOLE, status: 'Declined' }),
      { kind: 'declined', missing: [] },
    ],
    [
      'our id in capitals',
      json(200, { ...APPROVED, id: ID.toUpperCase() }),
      { kind: 'approved', missing: [] },
    ],
    [
      'the amount as text',
      json(200, { ...APPROVED, amount: { currency: 'PHP', value: '1499.50' } }),
      { kind: 'approved', missing: [] },
    ],
    ['fields nobody knows', json(200, { ...APPROVED, code: 'OK', x: [] }), { kind: 'approved', missing: [] }],
  ]);
});

describe('C12: a missing echo is taken and named, where id and status are there', () => {
  table([
    [
      'id and status alone',
      json(200, { id: ID, status: 'APPROVED' }),
      { kind: 'approved', missing: ['amount', 'currency', 'p2mId', 'requestReferenceNumber'] },
    ],
    ['no p2mId', json(200, without(DECLINED, 'p2mId')), { kind: 'declined', missing: ['p2mId'] }],
    [
      'an amount without its currency',
      json(200, { ...APPROVED, amount: { value: 1499.5 } }),
      { kind: 'approved', missing: ['currency'] },
    ],
    [
      'null for an amount',
      json(200, { ...APPROVED, amount: null }),
      { kind: 'approved', missing: ['amount', 'currency'] },
    ],
    [
      'the reference of another request',
      json(200, { ...APPROVED, requestReferenceNumber: 'other' }),
      { kind: 'approved', missing: ['requestReferenceNumber'] },
    ],
  ]);
});

describe('C12: another payment or other money is a mismatch, whatever the result', () => {
  const amount = (value: unknown, currency: unknown = 'PHP') => ({
    ...APPROVED,
    amount: { value, currency },
  });
  const mismatch = (
    field: 'id' | 'amount' | 'currency' | 'p2mId',
    status: 'APPROVED' | 'DECLINED' | null = 'APPROVED',
  ): ExecuteOutcome => ({ kind: 'mismatch', status, fields: [field] });
  table([
    ['another id', json(200, { ...APPROVED, id: OTHER_ID }), mismatch('id')],
    ['another id, declined', json(200, { ...DECLINED, id: OTHER_ID }), mismatch('id', 'DECLINED')],
    ['another id, no status', json(200, { ...WHOLE, id: OTHER_ID }), mismatch('id', null)],
    ['an id in no form of ours', json(200, { ...APPROVED, id: 'x/1' }), mismatch('id')],
    ['a number for an id', json(200, { ...APPROVED, id: 7 }), mismatch('id')],
    ['a centavo more', json(200, amount(1499.51)), mismatch('amount')],
    ['a centavo less, as text', json(200, amount('1499.49')), mismatch('amount')],
    ['centavos for pesos', json(200, amount(149_950)), mismatch('amount')],
    ['three decimals', json(200, amount(1499.505)), mismatch('amount')],
    ['an amount that is no number', json(200, amount('a lot')), mismatch('amount')],
    ['an amount that is a bare number', json(200, { ...APPROVED, amount: 1499.5 }), mismatch('amount')],
    ['an amount that is a list', json(200, { ...APPROVED, amount: [1499.5] }), mismatch('amount')],
    [
      'another amount, declined',
      json(200, { ...amount(1), status: 'DECLINED' }),
      mismatch('amount', 'DECLINED'),
    ],
    ['another amount, no status', json(200, { ...amount(1), status: undefined }), mismatch('amount', null)],
    ['another currency', json(200, amount(1499.5, 'USD')), mismatch('currency')],
    ['another merchant', json(200, { ...APPROVED, p2mId: 'OTHER' }), mismatch('p2mId')],
  ]);
});

describe('C18: a 2xx that does not say what became of our payment is unclear', () => {
  const unclear = (reason: string, code: string | null = null, status = 200): ExecuteOutcome => ({
    kind: 'unclear',
    reason,
    status,
    code,
  });
  table([
    ['no status', json(200, WHOLE), unclear('no_status')],
    ['an unknown status', json(200, { ...WHOLE, status: 'PENDING' }), unclear('no_status')],
    [
      'a status that begins like one',
      json(200, { ...WHOLE, status: 'APPROVED_BY_YOU' }),
      unclear('no_status'),
    ],
    ['a status that is no text', json(200, { ...WHOLE, status: true }), unclear('no_status')],
    ['approved without an id', json(200, without(APPROVED, 'id')), unclear('no_status')],
    ['approved with null for an id', json(200, { ...APPROVED, id: null }), unclear('no_status')],
    ['a list', json(200, [APPROVED]), unclear('no_status')],
    ['text', json(200, 'APPROVED'), unclear('no_status')],
    ['null', json(200, null), unclear('no_status')],
    ['nothing', new Response(null, { status: 204 }), unclear('empty', null, 204)],
    ['approved under a 3xx', json(300, APPROVED), unclear('status_300', null, 300)],
    ['an empty body', new Response('', { status: 200 }), unclear('empty')],
    ['HTML', new Response('<html>APPROVED</html>', { status: 200 }), unclear('not_json')],
    ['half a body', new Response('{"id":"7d9c', { status: 200 }), unclear('not_json')],
    ['a body that breaks off', cut(200, APPROVED), unclear('cut')],
    ['an endless body', new Response(' '.repeat(300_000), { status: 200 }), unclear('too_large')],
    ['a decline code', json(200, { code: 'PY0105' }), unclear('no_status', 'PY0105')],
    ['a fault', json(200, { code: 'PY0001' }), unclear('no_status', 'PY0001')],
  ]);
});

describe('nothing is approved or declined but a 2xx of ours that says so', () => {
  const word = fc.constantFrom(
    'APPROVED',
    'DECLINED',
    'approved',
    'PENDING',
    '',
    null,
    ID,
    OTHER_ID,
    1499.5,
    1,
  );
  const body = fc.record(
    {
      id: word,
      status: word,
      code: word,
      p2mId: fc.constantFrom(EXPECTED.p2mId, 'OTHER'),
      amount: fc.oneof(word, fc.record({ value: word, currency: fc.constantFrom('PHP', 'USD') })),
    },
    { requiredKeys: [] },
  );
  const anything = fc.oneof(body, fc.jsonValue());

  test('C18: and no answer makes the reader throw', async () => {
    const property = fc.asyncProperty(fc.integer({ min: 200, max: 599 }), anything, async (status, value) => {
      const hasBody = ![204, 205, 304].includes(status);
      const outcome = await read(new Response(hasBody ? JSON.stringify(value) : null, { status }));
      if (outcome.kind !== 'approved' && outcome.kind !== 'declined') return;
      expect(status).toBeLessThan(300);
      expect(value).toMatchObject({ id: ID });
      expect(String((value as { status: unknown }).status).toLowerCase()).toBe(outcome.kind);
    });
    await fc.assert(property, { numRuns: 500 });
  });
});
