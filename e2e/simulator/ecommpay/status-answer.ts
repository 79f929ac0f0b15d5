import { operationBody, partiesBody, paymentBody } from './callbacks/notice.ts';
import { CODES } from './codes.ts';
import type { Payment } from './payments/payment.ts';
import { json, type Outcome, refusal } from './reply.ts';
import type { Settings } from './settings.ts';
import { type JsonObject, treeOf } from './signature/json-tree.ts';
import { signed } from './signature/sign.ts';
import type { World } from './world.ts';

/** The payment with all of its operations, signed. */
export function statusAnswer(world: World, payment: Payment): Outcome {
  const { projectId, secret } = world.credentials;
  const tree = treeOf({
    project_id: projectId,
    payment: paymentBody(payment),
    customer: { id: payment.customerId },
    ...partiesBody(payment),
    operations: payment.operations.map(operationBody),
  }) as JsonObject;
  return json(200, signed(tree, secret, world.settings.signaturePlace));
}

/** Both forms in which a missing payment is reported; neither is signed. */
export function notFoundAnswer(world: World, paymentId: string, form: Settings['statusNotFound']): Outcome {
  const ids = { project_id: world.credentials.projectId };
  if (form === '404') return refusal(3061, undefined, { ...ids, payment_id: paymentId });
  return json(200, {
    ...ids,
    payment: { id: paymentId, status: 'error' },
    errors: [{ code: '3061', message: CODES[3061] }],
  });
}
