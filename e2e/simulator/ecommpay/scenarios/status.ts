import { json, type Outcome } from '../reply.ts';
import {
  type Json,
  JsonNumber,
  type JsonObject,
  objectAt,
  readJson,
  treeOf,
  writeJson,
} from '../signature/json-tree.ts';
import { signed } from '../signature/sign.ts';
import { notFoundAnswer } from '../status-answer.ts';
import type { Scenario, UsualAnswer } from './scenario.ts';

const common = { group: 'status', touches: ['status'], calls: 1 } as const;

/** The usual answer with its body changed, if it speaks of a payment at all. */
const bent =
  (change: (tree: JsonObject, usual: UsualAnswer) => JsonObject) =>
  (usual: UsualAnswer): Outcome => {
    const { outcome, payment } = usual;
    if (outcome.kind !== 'answer' || !payment) return outcome;
    const tree = readJson(outcome.body).value;
    return tree instanceof Map ? { ...outcome, body: writeJson(change(tree, usual)) } : outcome;
  };

const withPayment = (tree: JsonObject, key: string, value: Json): JsonObject =>
  new Map([...tree, ['payment', new Map([...(objectAt(tree, 'payment') ?? []), [key, value]])]]);

/** What a question for the status is answered. */
export const statusScenarios = [
  {
    ...common,
    name: 'status-not-found',
    title: 'Status: not found',
    what: 'The status answers 404 with 3061 whatever is registered; right after a lost request this proves nothing.',
    answer: ({ world, paymentId }) => notFoundAnswer(world, paymentId, '404'),
  },
  {
    ...common,
    name: 'status-not-found-200',
    title: 'Status: not found, in a 200',
    what: 'The status answers 200 with 3061 in errors and payment.status "error"; the app reads it like a 404.',
    answer: ({ world, paymentId }) => notFoundAnswer(world, paymentId, '200'),
  },
  {
    ...common,
    name: 'status-unsigned',
    title: 'Status: unsigned',
    what: 'The status answers as usual but without a signature; the app moves no money for it.',
    answer: bent((tree) => new Map([...tree].filter(([key]) => key !== 'signature'))),
  },
  {
    ...common,
    name: 'status-forged',
    title: 'Status: wrong signature',
    what: 'The status says success whatever is true, signed with another secret; the app believes nothing of it.',
    answer: bent((tree, { world }) =>
      signed(withPayment(tree, 'status', 'success'), `not-${world.credentials.secret}`),
    ),
  },
  {
    ...common,
    name: 'status-other-payment',
    title: 'Status: of another payment',
    what: 'The status answers truly signed of another payment id; the app believes nothing of it.',
    answer: bent((tree, { world, paymentId }) =>
      signed(withPayment(tree, 'id', `${paymentId}-other`), world.credentials.secret),
    ),
  },
  {
    ...common,
    name: 'status-wrong-amount',
    title: 'Status: wrong amount',
    what: 'The status names one peso less, truly signed; a person must look.',
    answer: bent((tree, { world, payment }) => {
      const amount = new JsonNumber(String((payment?.sum.amount ?? 0) - 100));
      const sum = treeOf({ amount, currency: payment?.sum.currency });
      return signed(withPayment(tree, 'sum', sum), world.credentials.secret);
    }),
  },
  {
    ...common,
    name: 'status-500',
    title: 'Status: 500',
    what: 'The status answers 500; the app asks again later.',
    answer: () => json(500, { status: 'error', message: 'Internal Server Error' }),
  },
  {
    ...common,
    name: 'status-lost',
    title: 'Status: never answered',
    what: 'The status is never answered; the app asks again later.',
    answer: (): Outcome => ({ kind: 'hang' }),
  },
] as const satisfies readonly Scenario[];
