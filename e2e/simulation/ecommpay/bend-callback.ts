import {
  type JsonObject,
  objectAt,
  readJson,
  textAt,
  writeJson,
} from '#e2e/simulator/ecommpay/signature/json-tree.ts';
import { CREDENTIALS } from './agreement.ts';
import { forged, having, truly, unsigned, withAmount } from './bend.ts';

/** A body of a callback, and whether our server may take it: 200, or anything but that. */
export type Message = { body: string; authentic: boolean };

/** What arrives before a callback, and did not happen; none for another kind. */
export function before(kind: string, body: string): Message | undefined {
  const tree = treeIn(body);
  const untrue = (change: JsonObject): Message => ({ body: writeJson(change), authentic: false });
  const true_ = (change: JsonObject): Message => ({ body: writeJson(truly(change)), authentic: true });
  switch (kind) {
    case 'forged-before':
      return untrue(forged(succeeded(tree)));
    case 'unsigned-before':
      return untrue(unsigned(succeeded(tree)));
    case 'unreadable-before':
      return { body: body.slice(0, -9), authentic: false };
    case 'error-before':
      return true_(having(tree, 'payment.status', 'error'));
    case 'refunded-before':
      // Nothing is refunded that is not over.
      return true_(having(tree, 'payment.status', isOver(tree) ? 'refunded' : 'awaiting capture'));
    case 'unknown-status-before':
      return true_(having(tree, 'payment.status', 'awaiting something new'));
    case 'unknown-payment-before':
      return true_(having(tree, 'payment.id', 'nobody-knows-this-payment'));
    default:
      return undefined;
  }
}

/** The callback itself as it arrives: truly signed, and of other money than ours where the kind says so. */
export function misreported(kind: string, body: string): string {
  const tree = treeIn(body);
  switch (kind) {
    case 'wrong-amount':
      return writeJson(truly(withAmount(tree)));
    case 'wrong-currency':
      return writeJson(truly(having(tree, 'payment.sum.currency', 'USD')));
    case 'wrong-project':
      return writeJson(truly(having(tree, 'project_id', CREDENTIALS.projectId + 1)));
    case 'wrong-type':
      return writeJson(truly(having(tree, 'payment.type', 'something else')));
    default:
      return body;
  }
}

const isOver = (tree: JsonObject): boolean =>
  ['success', 'decline'].includes(textAt(objectAt(tree, 'payment'), 'status'));

const succeeded = (tree: JsonObject): JsonObject =>
  having(having(tree, 'payment.status', 'success'), 'operation.status', 'success');

function treeIn(body: string): JsonObject {
  const tree = readJson(body).value;
  if (!(tree instanceof Map)) throw new Error('a callback of the model is an object');
  return tree;
}
