import { z } from 'zod';
import { CURRENCY } from '../base/money.ts';
import { DUPLICATE_PAYMENT_ID, readCode } from './codes.ts';
import { isObject } from './message.ts';
import { readStatus, type StatusReading } from './statuses.ts';

/**
 * What ECommPay says of a payment, in a callback or in answer to a status request. Fields that are missing or of
 * another type are `null`: formats differ by project, and no signature covers a type (contract 2.5, 7.3).
 */
export type Report = {
  projectId: number | null;
  paymentId: string;
  /** `purchase` or `payout`. */
  type: string | null;
  status: string;
  reading: StatusReading;
  sum: Sum | null;
  operation: Operation | null;
  /** Ids of the operations that moved the money, of all that the message tells of: more than one, and it moved twice. */
  succeeded: string[];
  /**
   * Its signature fits another message too, so it says nothing, but that there is something to ask: a digest of what was
   * signed, the same however that is cut.
   */
  ambiguous?: string;
};

/** Minor units. */
export type Sum = { amount: number; currency: string };

export type Operation = {
  id: string | null;
  type: string | null;
  status: string | null;
  code: string | null;
  requestId: string | null;
  atMs: number | null;
  initial: Sum | null;
  converted: Sum | null;
};

const MAX_TEXT = 255;
const text = z.string().max(MAX_TEXT);
const sumSchema = z.object({ amount: z.int().nonnegative(), currency: text });

const wholeNumber = z.union([
  z.int(),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
]);

const orNull = <Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> | null => {
  const result = schema.safeParse(value);
  return result.success ? result.data : null;
};

/** Whole numbers may be larger than a double holds, so they are kept as text. */
const idText = (value: unknown) =>
  typeof value === 'bigint' || typeof value === 'number' ? String(value) : orNull(text, value);

/** @returns `null` where the message speaks of no payment */
export function readReport(message: Record<string, unknown>): Report | null {
  const payment = isObject(message.payment) ? message.payment : {};
  const paymentId = idText(payment.id);
  const status = orNull(text, payment.status);
  if (paymentId === null || paymentId === '' || status === null) return null;
  const general = isObject(message.general) ? message.general : {};
  const type = orNull(text, payment.type);
  const operation = readOperation(operationOf(message, status));
  // A repeat of our own request was refused, which says nothing of the payment that the first one made.
  const isRepeat = operation?.code === DUPLICATE_PAYMENT_ID;
  return {
    projectId: orNull(wholeNumber, message.project_id ?? general.project_id),
    paymentId,
    type,
    status,
    reading: isRepeat ? 'pending' : readStatus(status),
    sum: orNull(sumSchema, payment.sum),
    operation,
    succeeded: succeededOf(message, type),
  };
}

/** Callbacks carry one operation; the status answer a list, in which the newest of the payment's status explains it. */
function operationOf(message: Record<string, unknown>, status: string): unknown {
  if (!Array.isArray(message.operations)) return message.operation;
  const operations = message.operations.filter(isObject);
  return operations.findLast((operation) => operation.status === status) ?? operations.at(-1);
}

/** Each once, and in one order, however the message lists them. An operation that does not name its type counts. */
function succeededOf(message: Record<string, unknown>, type: string | null): string[] {
  const moving = type === 'payout' ? 'payout' : 'sale';
  const operations = Array.isArray(message.operations) ? message.operations : [message.operation];
  const ids = operations
    .map(readOperation)
    .filter((operation) => operation?.status === 'success' && (operation.type ?? moving) === moving)
    .flatMap((operation) => operation?.id || []);
  return [...new Set(ids)].sort();
}

function readOperation(value: unknown): Operation | null {
  if (!isObject(value)) return null;
  return {
    id: idText(value.id),
    type: orNull(text, value.type),
    status: orNull(text, value.status),
    code: readCode(value.code),
    requestId: orNull(text, value.request_id),
    atMs: readTime(value.date),
    initial: orNull(sumSchema, value.sum_initial),
    converted: orNull(sumSchema, value.sum_converted),
  };
}

/** `2021-06-15T08:05:11+0000`, the offset with or without a colon (contract 1). */
function readTime(value: unknown): number | null {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)([+-]\d\d):?(\d\d)$/.exec(String(value));
  const ms = match ? Date.parse(`${match[1]}${match[2]}:${match[3]}`) : Number.NaN;
  return Number.isFinite(ms) ? ms : null;
}

/**
 * Whether a callback speaks of an end that only a signed answer to our own question makes final, or of a repeat, or could
 * be another one than ECommPay signed.
 */
export const isToBeAsked = ({ reading, operation, ambiguous }: Report): boolean =>
  reading === 'error' ||
  reading === 'expired' ||
  operation?.code === DUPLICATE_PAYMENT_ID ||
  ambiguous !== undefined;

/** What a report must agree with before it may move anything (contract 7.3). */
export type Expected = {
  projectId: number;
  type: 'purchase' | 'payout';
  amountCentavos: number;
  /** When our row came to be. An operation that is older is of another one with the same id, e.g. of an earlier store. */
  sinceMs?: number;
};

export type Difference = 'project' | 'type' | 'amount' | 'currency' | 'converted' | 'earlier';

/** Two clocks may differ by something, and a date be told in the wrong zone. */
const DATE_MARGIN_MS = 24 * 60 * 60 * 1_000;

/**
 * Where a report differs from our own row; an ambiguous one names nothing that could. A type or a sum that is absent
 * differs only where `strict`: whatever is to move money has to name the money.
 */
export function differences(report: Report, expected: Expected, strict: boolean): Difference[] {
  if (report.ambiguous !== undefined) return [];
  const found = new Set<Difference>();
  if (report.projectId !== expected.projectId) found.add('project');
  if (report.type !== expected.type && (strict || report.type !== null)) found.add('type');
  if (report.sum === null && strict) found.add('amount');
  const { sinceMs } = expected;
  const atMs = report.operation?.atMs ?? null;
  if (atMs !== null && sinceMs !== undefined && atMs < sinceMs - DATE_MARGIN_MS) found.add('earlier');
  const compare = (sum: Sum | null | undefined, amount: Difference, currency: Difference) => {
    if (!sum) return;
    if (sum.amount !== expected.amountCentavos) found.add(amount);
    if (sum.currency !== CURRENCY) found.add(currency);
  };
  compare(report.sum, 'amount', 'currency');
  compare(report.operation?.initial, 'amount', 'currency');
  compare(report.operation?.converted, 'converted', 'converted');
  return [...found];
}
