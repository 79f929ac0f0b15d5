import { randomBase64url } from '../../maya/randomness.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { World } from '../world.ts';
import type { Operation, Payment } from './payment.ts';

export type Asked = Pick<
  Payment,
  | 'id'
  | 'through'
  | 'customerId'
  | 'email'
  | 'sum'
  | 'description'
  | 'links'
  | 'callbackUrl'
  | 'callbackDelayMs'
  | 'asked'
  | 'account'
>;

const TOKEN_LENGTH = 32;
const HEX = 16;
const REQUEST_ID_LENGTH = 40;
const PROVIDER_IDS = 9_000;
const BASE36 = 36;
const PROVIDER_PAYMENT_LENGTH = 8;

/** Between a limit and the automatic decline that follows from it. */
export const AUTOMATIC_DECLINE_MS = 26_000;

const digits = (world: World, length: number, base: number) =>
  Array.from({ length }, () => Math.floor(world.random() * base).toString(base)).join('');

/** Notes the payment down, with its first operation. */
export function register(
  world: World,
  asked: Asked,
  type: Payment['type'],
  scenario: Scenario | undefined,
): Payment {
  const now = world.now();
  const payment: Payment = {
    ...asked,
    type,
    status: 'processing',
    createdAt: now,
    date: now,
    operations: [],
    requestId: digits(world, REQUEST_ID_LENGTH, HEX),
    answerDelivered: false,
    token: randomBase64url(world.random, TOKEN_LENGTH),
    decided: false,
    scenario,
  };
  addOperation(world, payment, type === 'purchase' ? 'sale' : 'payout');
  world.payments.add(payment);
  return payment;
}

export function addOperation(world: World, payment: Payment, type: Operation['type']): Operation {
  const now = world.now();
  world.lastOperationId += 1;
  const operation: Operation = {
    id: world.lastOperationId,
    type,
    status: 'processing',
    createdAt: now,
    date: now,
    requestId: `${payment.requestId}-${String(payment.operations.length + 1).padStart(8, '0')}`,
    sum: { ...payment.sum },
    converted: { ...payment.sum },
  };
  payment.operations.push(operation);
  return operation;
}

/** Both get this status and this moment. */
export function setStatus(
  world: World,
  payment: Payment,
  operation: Operation,
  status: Payment['status'],
): void {
  const now = world.now();
  operation.status = status;
  operation.date = now;
  payment.status = status;
  payment.date = now;
}

export const providerIds = (world: World): NonNullable<Operation['provider']> => ({
  id: 1_000 + Math.floor(world.random() * PROVIDER_IDS),
  paymentId: digits(world, PROVIDER_PAYMENT_LENGTH, BASE36).toUpperCase(),
});
