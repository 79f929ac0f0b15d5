import type { Code } from '../codes.ts';
import type { Payment } from '../payments/payment.ts';
import { newest } from '../payments/payment.ts';
import type { Redirect } from '../scenarios/scenario.ts';
import { type JsonObject, objectAt, textAt, treeOf, writeJson } from '../signature/json-tree.ts';
import { signed } from '../signature/sign.ts';
import type { World } from '../world.ts';
import { type Notice, noticeOf, operationBody } from './notice.ts';

/** Between two redirects of one payment. */
const REDIRECT_GAP_MS = 1_000;

/** Tells the merchant how the payment stands, as its scenario has it. */
export function announce(
  world: World,
  payment: Payment,
  { redirect, index = 0 }: { redirect?: Redirect; index?: number } = {},
): void {
  const usual = {
    ...noticeOf(world.credentials.projectId, payment, redirect),
    afterMs: index * REDIRECT_GAP_MS,
  };
  for (const notice of payment.scenario?.notices?.(usual, world) ?? [usual]) send(world, payment, notice);
}

/** What a scenario says before anything has happened: lies, all of them, or riddles. */
export function announceAtOnce(world: World, payment: Payment): void {
  const { atOnce } = payment.scenario ?? {};
  if (!atOnce) return;
  const operation = { ...newest(payment), status: 'success' as const, code: 0 as const };
  const asIfPaid: Payment = { ...payment, status: 'success', operations: [operation] };
  for (const notice of atOnce(noticeOf(world.credentials.projectId, asIfPaid), world)) {
    send(world, payment, notice);
  }
}

/**
 * A second request with the id of `payment` is refused by a callback, which says nothing of that payment itself. ECommPay documents
 * neither whether it does so nor the shape.
 */
export function announceDuplicate(world: World, payment: Payment, code: Code): void {
  const { tree, ...usual } = noticeOf(world.credentials.projectId, { ...payment, status: 'error' });
  const { id: _, ...operation } = operationBody({ ...newest(payment), status: 'error', code });
  const changed = new Map([...tree, ['operation', treeOf(operation)] as const]);
  send(world, payment, { ...usual, tree: changed });
}

function send(world: World, payment: Payment, notice: Notice): void {
  const tree = signedTree(world, notice);
  world.outbox.add({
    paymentId: textAt(objectAt(tree, 'payment'), 'id') || payment.id,
    customer: payment.customerId,
    url: payment.callbackUrl,
    body: (notice.write ?? writeJson)(tree),
    forged: notice.sign === 'forged' || notice.sign === 'none',
    times: notice.times,
    firstAt: world.now() + payment.callbackDelayMs + notice.afterMs,
  });
}

function signedTree(world: World, { tree, sign }: Notice): JsonObject {
  const { secret } = world.credentials;
  switch (sign) {
    case 'none':
      return tree;
    case 'forged':
      return signed(tree, `not-${secret}`);
    case 'general':
      return signed(tree, secret, 'general');
    case 'own':
      return signed(tree, secret, world.settings.signaturePlace);
  }
}
