import {
  JsonNumber,
  type JsonObject,
  objectAt,
  readJson,
  treeOf,
  writeJson,
} from '#e2e/simulator/ecommpay/signature/json-tree.ts';
import { signed } from '#e2e/simulator/ecommpay/signature/sign.ts';
import { type Answer, codeAnswer, htmlAnswer, jsonAnswer } from '../world/answer.ts';
import { CREDENTIALS } from './agreement.ts';

/** Answers that ECommPay, or something before it, gives instead of taking a call; none where the call goes through. */
export function insteadOf(kind: string, paymentId: string): Answer | undefined {
  const refused = (status: number, code: string | number) => jsonAnswer(status, { status: 'error', code });
  switch (kind) {
    case '500-before':
      return jsonAnswer(500, { status: 'error', message: 'Internal Server Error' });
    case 'html-before':
      return htmlAnswer;
    case '403-before':
      return { status: 403, headers: {}, body: '' };
    case 'refused-in-200':
      return refused(200, '314');
    case 'refused-by-number':
      return refused(403, 303);
    case 'refused-as-duplicate':
      return refused(400, '3613');
    case 'unknown-code-before':
      return refused(400, '9999');
    case 'not-found':
      return refused(404, '3061');
    case 'not-found-in-200':
      return jsonAnswer(200, {
        project_id: CREDENTIALS.projectId,
        payment: { id: paymentId, status: 'error' },
        errors: [{ code: '3061' }],
      });
    default:
      return undefined;
  }
}

/** What our code hears where ECommPay did take the call. */
export function bent(kind: string, answer: Answer, paymentId: string): Answer {
  switch (kind) {
    case 'truncated':
      return { ...answer, cut: true };
    case 'html-after':
      return { ...htmlAnswer, status: 200 };
    case '500-after':
      return jsonAnswer(500, { status: 'error', message: 'Internal Server Error' });
    case 'empty-after':
      return { ...answer, body: '' };
    case 'unknown-code-after':
      return codeAnswer(400, '9999');
    case '3041-after':
      return jsonAnswer(400, { status: 'error', code: '3041' });
    case 'of-another':
      return retold(answer, (tree) =>
        tree.has('payment')
          ? truly(having(tree, 'payment.id', `${paymentId}-other`))
          : having(tree, 'payment_id', `${paymentId}-other`),
      );
    case 'unsigned':
      return retold(answer, (tree) => unsigned(having(tree, 'payment.status', 'success')));
    case 'forged':
      return retold(answer, (tree) => forged(having(tree, 'payment.status', 'success')));
    case 'wrong-amount':
      return retold(answer, (tree) => truly(withAmount(tree)));
    default:
      return answer;
  }
}

/** The same answer with its body changed, if it speaks of a payment at all. */
function retold(answer: Answer, change: (tree: JsonObject) => JsonObject): Answer {
  const tree = readJson(answer.body).value;
  const speaks = tree instanceof Map && (tree.has('payment') || tree.has('payment_id'));
  return speaks ? { ...answer, body: writeJson(change(tree)) } : answer;
}

/** Neither at the top nor in `general`, where nothing else stands. */
export const unsigned = (tree: JsonObject): JsonObject =>
  new Map([...tree].filter(([key]) => key !== 'signature' && key !== 'general'));

export const truly = (tree: JsonObject): JsonObject => signed(tree, CREDENTIALS.secret);

export const forged = (tree: JsonObject): JsonObject => signed(tree, `not-${CREDENTIALS.secret}`);

/** The tree with `path` (such as `payment.sum.amount`) set in it. */
export function having(tree: JsonObject, path: string, value: unknown): JsonObject {
  const set = (at: JsonObject, [key = '', ...rest]: string[]): JsonObject =>
    new Map([...at, [key, rest.length === 0 ? treeOf(value) : set(objectAt(at, key) ?? new Map(), rest)]]);
  return set(tree, path.split('.'));
}

/** One peso less than it was. */
export function withAmount(tree: JsonObject): JsonObject {
  const amount = objectAt(objectAt(tree, 'payment') ?? new Map(), 'sum')?.get('amount');
  return amount instanceof JsonNumber ? having(tree, 'payment.sum.amount', Number(amount.text) - 100) : tree;
}
