import { describe, expect, test } from 'vitest';
import { bench, signedAnswer } from '#e2e/rig/ecommpay-wire.ts';
import { getBalance } from './data-balance.ts';
import { getOperations, getOperationsOfPayment } from './data-operations.ts';
import { verify } from './signature.ts';

const json = (status: number, body: unknown) => () => Response.json(body, { status });
const PERIOD = { fromMs: Date.parse('2030-01-01T00:00:00Z'), toMs: Date.parse('2030-01-01T16:00:00Z') };
const ROW = {
  operation_id: 590,
  payment_id: 'p-1',
  project_id: 580,
  operation_created_at: '2030-01-01 08:00:00',
  operation_completed_at: null,
  sum: '10.00',
};

describe('operations', () => {
  test('are asked for by period in Manila’s time, signed with the token’s secret', async () => {
    const { api, sent, logText } = bench(() => signedAnswer({ operations: [ROW] }, 200, 'data-secret'));
    expect(await getOperations(api, PERIOD)).toEqual({
      kind: 'operations',
      operations: [
        {
          operationId: '590',
          paymentId: 'p-1',
          createdAt: '2030-01-01 08:00:00',
          completedAt: null,
          more: { project_id: 580, sum: '10.00' },
        },
      ],
      skipped: 0,
      more: false,
    });
    expect(sent[0]?.url).toBe('https://data.test/v1/operations/get');
    expect(sent[0]?.body).toMatchObject({
      token: 'data-token',
      project_id: [580],
      interval: { from: '2030-01-01 08:00:00', to: '2030-01-02 00:00:00' },
      tz: 'Asia/Manila',
      limit: 1_000,
      offset: 0,
    });
    expect(verify(sent[0]?.init.body, 'data-secret')).toBe(true);
    expect(logText()).not.toMatch(/data-token|data-secret/);
  });

  test('come in pages', async () => {
    const { api, sent } = bench(json(200, { operations: Array.from({ length: 1_000 }, () => ROW) }));
    expect(await getOperations(api, { ...PERIOD, offset: 2_000 })).toMatchObject({ more: true });
    expect(sent[0]?.body).toMatchObject({ offset: 2_000 });
  });

  test('that cannot be read are counted', async () => {
    const { api } = bench(json(200, { operations: [ROW, {}, 7, { ...ROW, payment_id: '' }] }));
    expect(await getOperations(api, PERIOD)).toMatchObject({
      skipped: 3,
      operations: [{ paymentId: 'p-1' }],
    });
  });

  test.each([
    [
      'signed by somebody else',
      () => signedAnswer({ operations: [] }, 200, 'x'),
      { kind: 'unclear', reason: 'forged' },
    ],
    ['refused', json(403, { code: '3123' }), { kind: 'refused', code: '3123', meaning: 'configuration' }],
    ['another shape', json(200, { operations: {} }), { kind: 'unclear', reason: 'status_200' }],
    ['HTML', () => new Response('<html>', { status: 500 }), { kind: 'unclear', reason: 'unreadable' }],
  ])('%s', async (_name, answer, outcome) => {
    const { api } = bench(answer);
    expect(await getOperations(api, PERIOD)).toMatchObject(outcome);
  });

  test('nothing is asked without a token', async () => {
    const { api, sent } = bench(json(200, {}), { data: undefined });
    expect(await getOperations(api, PERIOD)).toEqual({ kind: 'off' });
    expect(sent).toEqual([]);
  });
});

describe('operations of one payment', () => {
  test('are asked for by our id, signed with the token’s secret', async () => {
    const rows = [ROW, { ...ROW, operation_id: 591, operation_completed_at: '2030-01-01 08:01:00' }];
    const { api, sent } = bench(() => signedAnswer({ operations: rows }, 200, 'data-secret'));
    expect(await getOperationsOfPayment(api, 'p-1')).toMatchObject({
      kind: 'operations',
      operations: [
        { operationId: '590', paymentId: 'p-1', completedAt: null },
        { operationId: '591', completedAt: '2030-01-01 08:01:00', more: { sum: '10.00' } },
      ],
      skipped: 0,
    });
    expect(sent[0]?.url).toBe('https://data.test/v1/operations/get-by-payment');
    expect(sent[0]?.body).toMatchObject({
      token: 'data-token',
      project_id: [580],
      payment_id: 'p-1',
      tz: 'Asia/Manila',
    });
    expect(verify(sent[0]?.init.body, 'data-secret')).toBe(true);
  });

  test('of another payment, or project, are not shown as its own', async () => {
    const rows = [ROW, { ...ROW, payment_id: 'p-2' }, { ...ROW, project_id: 581 }];
    const { api } = bench(json(200, { operations: rows }));
    expect(await getOperationsOfPayment(api, 'p-1')).toMatchObject({
      operations: [{ paymentId: 'p-1' }],
      skipped: 2,
    });
  });

  test('an id that would be signed wrongly is not sent', async () => {
    const { api, sent } = bench(json(200, { operations: [] }));
    await expect(async () => getOperationsOfPayment(api, 'a;b')).rejects.toThrow();
    expect(sent).toEqual([]);
  });

  test('nothing is asked without a token', async () => {
    const { api, sent } = bench(json(200, {}), { data: undefined });
    expect(await getOperationsOfPayment(api, 'p-1')).toEqual({ kind: 'off' });
    expect(sent).toEqual([]);
  });
});

test('the balance is shown as it came', async () => {
  const { api, sent } = bench(
    json(200, { balance: [{ name: 'main', PHP: '1234.50', EUR: '0' }, { name: 'other' }] }),
  );
  expect(await getBalance(api)).toEqual({
    kind: 'balance',
    accounts: [
      { name: 'main', sums: { PHP: '1234.50', EUR: '0' } },
      { name: 'other', sums: {} },
    ],
  });
  expect(sent[0]?.url).toBe('https://data.test/v1/balance/get');
});
