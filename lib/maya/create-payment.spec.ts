import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CreateOutcome, readCreateAnswer } from './create-payment.ts';

const ID = '7d9c2f8a-1c51-4a7e-8a3b-5f0a3b1d9e42';
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

const read = (response: Response) => readCreateAnswer(response, EXPECTED, 0);
const json = (status: number, body: unknown) => Response.json(body, { status });
const withCode = (status: number, code: string) => json(status, { code, message: 'x' });

type Row = [name: string, response: Response, outcome: CreateOutcome];
const table = (rows: Row[]) =>
  test.each(rows)('%s', async (_, response, outcome) => expect(await read(response)).toEqual(outcome));

describe('created: the id and every echo are right', () => {
  const created: CreateOutcome = { kind: 'created', id: ID };
  table([
    ['200', json(200, WHOLE), created],
    ['201', json(201, WHOLE), created],
    ['with more fields', json(200, { ...WHOLE, status: 'CREATED', createdAt: 'x' }), created],
    [
      'with the amount as text',
      json(200, { ...WHOLE, amount: { currency: 'PHP', value: '1499.50' } }),
      created,
    ],
  ]);
});

describe('C11: an echo that is wrong', () => {
  const amount = (value: unknown, currency: unknown = 'PHP') => ({ ...WHOLE, amount: { currency, value } });
  const wrong = (
    ...fields: ('amount' | 'currency' | 'p2mId' | 'requestReferenceNumber')[]
  ): CreateOutcome => ({
    kind: 'wrong_echo',
    id: ID,
    fields,
  });
  table([
    ['a centavo more', json(200, amount(1499.51)), wrong('amount')],
    ['nothing to pay', json(200, amount(0)), wrong('amount')],
    ['a negative amount', json(200, amount(-1499.5)), wrong('amount')],
    ['an amount in no number', json(200, amount({})), wrong('amount')],
    ['an amount that is a bare number', json(200, { ...WHOLE, amount: 1499.5 }), wrong('amount')],
    ['an amount that is a list', json(200, { ...WHOLE, amount: [] }), wrong('amount')],
    ['another currency', json(200, amount(1499.5, 'USD')), wrong('currency')],
    ['another merchant', json(200, { ...WHOLE, p2mId: 'OTHER' }), wrong('p2mId')],
    ['a merchant that is no text', json(200, { ...WHOLE, p2mId: 7 }), wrong('p2mId')],
    [
      'another reference',
      json(200, { ...WHOLE, requestReferenceNumber: 'other' }),
      wrong('requestReferenceNumber'),
    ],
    [
      'several, one missing beside them',
      json(200, { id: ID, p2mId: 'OTHER', amount: { value: 1, currency: 'PHP' } }),
      wrong('amount', 'p2mId'),
    ],
    [
      'without an id',
      json(200, { ...WHOLE, id: undefined, p2mId: 'OTHER' }),
      { kind: 'wrong_echo', id: null, fields: ['p2mId'] },
    ],
  ]);
});

describe('C11, C13: no usable answer, so create is called again', () => {
  const unclear = (reason: string) => ({ kind: 'unclear' as const, reason });
  table([
    ['no id', json(200, { ...WHOLE, id: undefined }), unclear('no_id')],
    ['an empty id', json(200, { ...WHOLE, id: '' }), unclear('no_id')],
    ['an id that is no text', json(200, { ...WHOLE, id: 7 }), unclear('no_id')],
    ['an id that leads elsewhere', json(200, { ...WHOLE, id: '../../profile' }), unclear('no_id')],
    ['no amount', json(200, { ...WHOLE, amount: undefined }), { ...unclear('no_amount_currency'), id: ID }],
    [
      'no currency',
      json(200, { ...WHOLE, amount: { value: 1499.5 } }),
      { ...unclear('no_currency'), id: ID },
    ],
    ['no p2mId', json(200, { ...WHOLE, p2mId: null }), { ...unclear('no_p2mId'), id: ID }],
    [
      'no reference',
      json(200, { ...WHOLE, requestReferenceNumber: undefined }),
      { ...unclear('no_requestReferenceNumber'), id: ID },
    ],
    ['a list', json(200, [WHOLE]), unclear('unreadable')],
    ['null', json(200, null), unclear('unreadable')],
    ['nothing', new Response(null, { status: 204 }), unclear('unreadable')],
    ['HTML', new Response('<html></html>', { status: 200 }), unclear('unreadable')],
    ['half a body', new Response('{"id":"7d9c2f8a', { status: 201 }), unclear('unreadable')],
  ]);

  test.each([300, 302, 408, 500, 502, 503, 504])('a %s, whatever it brings', async (status) => {
    const outcome = await read(json(status, WHOLE));
    expect(outcome).toEqual({ kind: 'unclear', reason: `status_${status}`, status, code: null });
  });

  test.each(['PY0001', 'PY0015', 'PY0016', 'PY9999'])('%s, a fault on Maya’s side', async (code) => {
    const outcome = await read(withCode(400, code));
    expect(outcome).toEqual({ kind: 'unclear', reason: 'status_400', status: 400, code });
  });
});

describe('C15: refused for good', () => {
  test.each([
    [400, '2553'],
    [401, '2553'],
    [401, 'PY0017'],
    [404, 'PY0017'],
    [401, 'PY0019'],
    [400, 'PY0037'],
    [400, 'PY0044'],
    [400, 'PY0064'],
    [409, 'PY0010'],
    [400, 'SOMETHING'],
  ])('%s %s', async (status, code) => {
    expect(await read(withCode(status, code))).toEqual({ kind: 'refused', status, code });
  });

  test.each([400, 404, 405, 409, 410, 415, 422])('a bare %s', async (status) => {
    expect(await read(new Response(null, { status }))).toEqual({ kind: 'refused', status, code: null });
  });

  test('with Maya’s own reference, for a talk with their support', async () => {
    const body = [{ logref: 'log-1', code: 'PY0044', message: 'x', links: [] }];
    expect(await read(json(400, body))).toEqual({
      kind: 'refused',
      status: 400,
      code: 'PY0044',
      upstreamReference: 'log-1',
    });
  });
});

describe('B7: a token that was not taken', () => {
  test.each([
    [401, null],
    [403, null],
    [401, 'invalid_client'],
    [401, 'K003'],
    [400, 'invalid_token'],
    [400, 'token_expired'],
  ])('%s %s', async (status, code) => {
    const response = code === null ? new Response('', { status }) : withCode(status, code);
    expect(await read(response)).toEqual({ kind: 'unauthorized', status, code });
  });
});

test('C39: 429 is kept apart, whatever its code', async () => {
  const headers = { 'retry-after': '3' };
  const response = Response.json({ code: '2553' }, { status: 429, headers });
  expect(await read(response)).toEqual({ kind: 'rate_limited', retryAfterMs: 3_000 });
});

test('C11: nothing counts as created but a 2xx with all five figures', async () => {
  const figure = fc.constantFrom(
    ID,
    'PHP',
    1499.5,
    '1499.50',
    EXPECTED.p2mId,
    EXPECTED.requestReferenceNumber,
    null,
  );
  const body = fc.record(
    {
      id: figure,
      p2mId: figure,
      requestReferenceNumber: figure,
      amount: fc.oneof(figure, fc.record({ currency: figure, value: figure })),
    },
    { requiredKeys: [] },
  );
  const whole = {
    ...WHOLE,
    amount: { currency: 'PHP', value: expect.toSatisfy((value) => Number(value) === 1499.5) },
  };
  const property = fc.asyncProperty(fc.integer({ min: 200, max: 599 }), body, async (status, value) => {
    const hasBody = ![204, 205, 304].includes(status);
    const outcome = await read(new Response(hasBody ? JSON.stringify(value) : null, { status }));
    if (outcome.kind === 'created')
      expect([status < 300, value]).toEqual([true, { ...whole, id: outcome.id }]);
  });
  await fc.assert(property, { numRuns: 500, examples: [[200, WHOLE]] });
});
