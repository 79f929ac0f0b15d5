import { checkSignature, readRequest } from '../checks/api-request.ts';
import { type Inspection, inspect } from '../checks/inspection.ts';
import { dataDate } from '../dates.ts';
import type { Operation, Payment } from '../payments/payment.ts';
import { isFinal } from '../payments/payment.ts';
import { payoutBalance } from '../payments/payout-balance.ts';
import { json, type Outcome } from '../reply.ts';
import { isWhole, JsonNumber, type JsonObject, treeOf } from '../signature/json-tree.ts';
import { signed } from '../signature/sign.ts';
import type { World } from '../world.ts';
import { type Call, refuseProblems } from './call.ts';

/** The Data API (https://api-data.ecommpay.com): signed with the secret that belongs to the token. */

const MAX_LIMIT = 1_000;
const DATE = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

/** Reads a request; `check` looks at what is the call's own. */
function admit<Read>(
  world: World,
  call: Call,
  fields: readonly string[],
  check: (inspection: Inspection) => Read,
): { refused: Outcome; read?: undefined } | { refused?: undefined; read: Read } {
  const { tree, problems } = readRequest(call.request);
  const { dataToken, dataSecret } = world.credentials;
  const inspection = inspect(tree ?? new Map());
  inspection.only('', ['token', 'signature', ...fields]);
  const token = inspection.text('token', { kind: 'data-token', code: 3123 });
  if (token !== '' && token !== dataToken) inspection.wrong('data-token', 3123, 'token is not the right one');
  const read = check(inspection);
  const refused = refuseProblems(world, call, [
    ...problems,
    ...(tree ? [...checkSignature(tree, dataSecret), ...inspection.problems] : []),
  ]);
  return refused ? { refused } : { read };
}

const answer = (world: World, body: object): Outcome =>
  json(200, signed(treeOf(body) as JsonObject, world.credentials.dataSecret));

function checkProjects({ find, wrong }: Inspection, projectId: number): void {
  const value = find('project_id');
  if (value === undefined) return;
  const ids = Array.isArray(value) ? value : undefined;
  if (!ids?.every((id) => id instanceof JsonNumber && isWhole(id))) {
    wrong('field-invalid', 502, 'project_id must be a list of integers');
  } else if (!ids.some((id) => id instanceof JsonNumber && Number(id.text) === projectId)) {
    wrong('project-id', 2442, 'project_id does not name the project of this merchant');
  }
}

function zoneIn({ text }: Inspection): string {
  const isZone = (zone: string) => {
    try {
      return dataDate(0, zone) !== '';
    } catch {
      return false;
    }
  };
  return text('tz', { optional: true, is: isZone, must: 'an IANA time zone', kind: 'interval' }) || 'UTC';
}

function operationRow(world: World, payment: Payment, operation: Operation, zone: string): object {
  return {
    operation_id: operation.id,
    payment_id: payment.id,
    project_id: world.credentials.projectId,
    operation_type: operation.type,
    operation_status: operation.status,
    payment_status: payment.status,
    payment_method: 'paymaya-wallet',
    customer_id: payment.customerId,
    operation_amount: operation.sum.amount,
    operation_currency: operation.sum.currency,
    operation_code: operation.code === undefined ? '' : String(operation.code),
    operation_created_at: dataDate(operation.createdAt, zone),
    operation_completed_at: isFinal(operation) ? dataDate(operation.date, zone) : null,
  };
}

const rows = (world: World, payments: Payment[], zone: string) =>
  payments.flatMap((payment) =>
    payment.operations.map((operation) => operationRow(world, payment, operation, zone)),
  );

/** `POST /v1/operations/get`: the operations that were made within a time. */
export function operations(world: World, call: Call): Outcome {
  const { refused, read } = admit(
    world,
    call,
    ['project_id', 'interval', 'tz', 'limit', 'offset'],
    (inspection) => {
      const { text, whole, wrong, only } = inspection;
      checkProjects(inspection, world.credentials.projectId);
      only('interval', ['from', 'to']);
      const date = {
        is: (given: string) => DATE.test(given),
        must: 'YYYY-MM-DD hh:mm:ss',
        kind: 'interval',
      } as const;
      const [from, to] = [text('interval.from', date), text('interval.to', date)];
      if (from > to && to !== '') wrong('interval', 502, 'interval.from is after interval.to');
      const limit = whole('limit', { optional: true });
      const offset = whole('offset', { optional: true });
      if (limit < 1 || limit > MAX_LIMIT) wrong('field-invalid', 502, `limit must be 1 to ${MAX_LIMIT}`);
      if (offset < 0) wrong('field-invalid', 502, 'offset must not be below 0');
      return { from, to, zone: zoneIn(inspection), limit: limit || MAX_LIMIT, offset: offset || 0 };
    },
  );
  if (refused) return refused;
  const { from, to, zone, limit, offset } = read;
  const found = world.payments
    .all()
    .flatMap((payment) =>
      payment.operations
        .map((operation) => ({ payment, operation, at: dataDate(operation.createdAt, zone) }))
        .filter(({ at }) => at >= from && at <= to),
    );
  const asked = found.sort((a, b) => a.operation.id - b.operation.id).slice(offset, offset + limit);
  return answer(world, {
    operations: asked.map(({ payment, operation }) => operationRow(world, payment, operation, zone)),
  });
}

/** `POST /v1/operations/get-by-payment`: the operations of one payment. */
export function operationsByPayment(world: World, call: Call): Outcome {
  const { refused, read } = admit(world, call, ['project_id', 'payment_id', 'tz'], (inspection) => {
    checkProjects(inspection, world.credentials.projectId);
    return { paymentId: inspection.text('payment_id'), zone: zoneIn(inspection) };
  });
  if (refused) return refused;
  call.payment = read.paymentId;
  const payment = world.payments.find(read.paymentId);
  return answer(world, { operations: payment ? rows(world, [payment], read.zone) : [] });
}

/** `POST /v1/balance/get`: what payouts draw on. The unit of the sum is not documented: pesos with two digits, as a text. */
export function balance(world: World, call: Call): Outcome {
  const { refused } = admit(world, call, [], () => undefined);
  if (refused) return refused;
  const pesos = (payoutBalance(world) / 100).toFixed(2);
  return answer(world, { balance: [{ name: 'PayMaya OUT', PHP: pesos }] });
}
