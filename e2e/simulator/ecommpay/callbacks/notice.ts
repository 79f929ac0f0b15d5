import { CODES } from '../codes.ts';
import { callbackDate } from '../dates.ts';
import { newest, type Operation, type Payment } from '../payments/payment.ts';
import type { Redirect } from '../scenarios/scenario.ts';
import { type JsonObject, treeOf } from '../signature/json-tree.ts';

/** One callback before it is signed and written. */
export type Notice = {
  tree: JsonObject;
  /** From the event it tells of. */
  afterMs: number;
  /** `own`: with the project's secret, where the settings say. */
  sign: 'own' | 'forged' | 'none' | 'general';
  /** Sent this often, whatever is answered; unset: until it is answered 200. */
  times?: number;
  /** How it is written, if not plainly. */
  write?: (tree: JsonObject) => string;
  /** What it tells. */
  tells: 'redirect' | 'result';
};

/** ECommPay's title of the method, which is none of its codes. */
const METHOD = 'PayMaya wallet';

export const paymentBody = (payment: Payment) => ({
  id: payment.id,
  type: payment.type,
  status: payment.status,
  date: callbackDate(payment.date),
  method: METHOD,
  sum: payment.sum,
  description: payment.description,
});

export function operationBody(operation: Operation): Record<string, unknown> {
  const { id, type, status, date, createdAt, requestId, code, provider } = operation;
  return {
    id,
    type,
    status,
    date: callbackDate(date),
    created_date: callbackDate(createdAt),
    request_id: requestId,
    sum_initial: operation.sum,
    sum_converted: operation.converted,
    ...(code === undefined ? {} : { code: String(code), message: CODES[code] }),
    ...(provider === undefined
      ? {}
      : {
          provider: {
            id: provider.id,
            payment_id: provider.paymentId,
            auth_code: '',
            ...(status === 'success' ? { endpoint_id: type === 'payout' ? 'GRPY' : 'PYMY' } : {}),
            date: callbackDate(date),
          },
        }),
  };
}

/** Who paid or was paid, as the examples of the method have it. */
export function partiesBody(payment: Payment): object {
  if (payment.type === 'payout') {
    return {
      account: { number: payment.account?.number },
      customer: { id: payment.customerId, phone: payment.account?.number },
    };
  }
  return payment.status === 'success' ? { account: { number: '1234' } } : {};
}

export function noticeOf(projectId: number, payment: Payment, redirect?: Redirect): Notice {
  const tree = treeOf({
    project_id: projectId,
    payment: paymentBody(payment),
    ...partiesBody(payment),
    operation: operationBody(newest(payment)),
    ...(redirect ? { redirect_data: redirect } : {}),
  }) as JsonObject;
  return { tree, afterMs: 0, sign: 'own', tells: redirect ? 'redirect' : 'result' };
}
