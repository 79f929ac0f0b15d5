import { describe, expect, test } from 'vitest';
import { CREDENTIALS, createRig } from '../rig.ts';
import { type JsonObject, readJson, treeOf, writeJson } from '../signature/json-tree.ts';
import { isSignedWith, signed } from '../signature/sign.ts';

const INTERVAL = { from: '2027-01-15 00:00:00', to: '2027-01-15 23:59:59' };

const busy = () => {
  const rig = createRig({ payoutNeedsSale: false });
  rig.sale({ id: 'a' });
  rig.pass(3_600_000);
  rig.payout({ id: 'b' });
  rig.pass(60_000);
  return rig;
};

type Row = Record<string, unknown>;
const rowsOf = (body: Record<string, unknown>) => body.operations as Row[];

describe('operations/get', () => {
  test('lists what was made within the time, signed with the secret of the token', () => {
    const { status, body, text } = busy().data('operations/get', { project_id: [210], interval: INTERVAL });
    expect(status).toBe(200);
    expect(isSignedWith(readJson(text).value as JsonObject, CREDENTIALS.dataSecret)).toBe(true);
    expect(rowsOf(body)).toMatchObject([
      {
        payment_id: 'a',
        project_id: 210,
        operation_type: 'sale',
        operation_status: 'awaiting redirect result',
        operation_created_at: '2027-01-15 00:00:00',
        operation_completed_at: null,
      },
      {
        payment_id: 'b',
        operation_type: 'payout',
        operation_status: 'success',
        operation_amount: 10_000,
        operation_completed_at: '2027-01-15 01:00:02',
      },
    ]);
  });

  test('in the zone that is asked for', () => {
    const rig = busy();
    const { body } = rig.data('operations/get', {
      interval: { from: '2027-01-15 08:30:00', to: '2027-01-15 09:30:00' },
      tz: 'Asia/Manila',
    });
    expect(rowsOf(body)).toMatchObject([{ payment_id: 'b', operation_created_at: '2027-01-15 09:00:00' }]);
  });

  test('in pieces', () => {
    const rig = busy();
    const ids = [0, 1, 2].map((offset) =>
      rowsOf(rig.data('operations/get', { interval: INTERVAL, limit: 1, offset }).body).map(
        (row) => row.payment_id,
      ),
    );
    expect(ids).toEqual([['a'], ['b'], []]);
  });

  test.each([
    ['no interval', { interval: undefined }, '2004', 'field-missing'],
    ['an ISO date', { interval: { ...INTERVAL, from: '2027-01-15T00:00:00Z' } }, '502', 'interval'],
    ['an end before its start', { interval: { from: INTERVAL.to, to: INTERVAL.from } }, '502', 'interval'],
    ['no zone of the world', { tz: 'Manila' }, '502', 'interval'],
    ['a limit above 1000', { limit: 1_001 }, '502', 'field-invalid'],
    ['an offset below 0', { offset: -1 }, '502', 'field-invalid'],
    ['a number for a list', { project_id: 210 }, '502', 'field-invalid'],
    ['projects of others', { project_id: [1, 2] }, '2442', 'project-id'],
    ['a field of its own', { page: 1 }, '502', 'field-unknown'],
    ['another token', { token: 'x' }, '3123', 'data-token'],
  ])('with %s is refused and noted', (_, more, code, kind) => {
    const rig = busy();
    expect(rig.data('operations/get', { interval: INTERVAL, ...more })).toMatchObject({
      status: 400,
      body: { status: 'error', code },
    });
    expect(new Set(rig.kinds())).toEqual(new Set([kind]));
  });

  test('with the secret of the project is refused', () => {
    const rig = busy();
    const body = signed(treeOf({ token: CREDENTIALS.dataToken }) as JsonObject, CREDENTIALS.secret);
    expect(rig.post('/v1/balance/get', writeJson(body)).body.code).toBe('3261');
  });
});

test('operations/get-by-payment', () => {
  const rig = busy();
  expect(rowsOf(rig.data('operations/get-by-payment', { payment_id: 'b' }).body)).toMatchObject([
    { payment_id: 'b', operation_type: 'payout' },
  ]);
  expect(rowsOf(rig.data('operations/get-by-payment', { payment_id: 'x' }).body)).toEqual([]);
  expect(rig.data('operations/get-by-payment', {}).body.code).toBe('2004');
});
