import type { Notice } from '../callbacks/notice.ts';
import { MAX_ATTEMPTS } from '../callbacks/schedule.ts';
import { JsonNumber, type JsonObject, objectAt, treeOf } from '../signature/json-tree.ts';
import type { Scenario } from './scenario.ts';

const common = { group: 'callback', touches: ['page-sale', 'gate-sale', 'payout'], calls: 1 } as const;

/** The notice with `path` (such as `payment.sum.amount`) set in it. */
function having(notice: Notice, path: string, value: unknown): Notice {
  const set = (tree: JsonObject, [key = '', ...rest]: string[]): JsonObject =>
    new Map([
      ...tree,
      [key, rest.length === 0 ? treeOf(value) : set(objectAt(tree, key) ?? new Map(), rest)],
    ]);
  return { ...notice, tree: set(notice.tree, path.split('.')) };
}

/** Only the result is changed: a redirect goes as usual. */
const results =
  (change: (usual: Notice) => Notice[]) =>
  (usual: Notice): Notice[] =>
    usual.tells === 'result' ? change(usual) : [usual];

const STALE_AFTER_MS = 3_000;

const amountOf = ({ tree }: Notice): number => {
  const amount = objectAt(objectAt(tree, 'payment') ?? new Map(), 'sum')?.get('amount');
  return amount instanceof JsonNumber ? Number(amount.text) : 0;
};

/** How the merchant is told. The truth is as usual, and the status tells it. */
export const callbackScenarios = [
  {
    ...common,
    name: 'callback-never',
    title: 'No callback of the result',
    what: 'The payment ends and no callback says so; the app learns it by asking for the status.',
    notices: results(() => []),
  },
  {
    ...common,
    name: 'callback-late',
    title: 'Late callback',
    what: 'The callback of the result comes two hours (callbackLateMs) later; the app may have learnt it by then.',
    notices: (usual, world) =>
      usual.tells === 'result' ? [{ ...usual, afterMs: world.settings.callbackLateMs }] : [usual],
  },
  {
    ...common,
    name: 'callback-twice',
    title: 'Every callback twice',
    what: 'Every callback is sent two times at once; the second changes nothing.',
    notices: (usual) => [usual, usual],
  },
  {
    ...common,
    name: 'callback-120-times',
    title: 'The result 120 times',
    what: 'The callback of the result is sent 120 times over ten days, though each is answered 200; all but the first change nothing.',
    notices: results((usual) => [{ ...usual, times: MAX_ATTEMPTS }]),
  },
  {
    ...common,
    name: 'callback-out-of-order',
    title: 'Out of order',
    what: 'After the result comes an older callback that says the payment is under way; the app never goes back.',
    notices: results((usual) => [
      usual,
      {
        ...having(having(usual, 'payment.status', 'processing'), 'operation.status', 'processing'),
        afterMs: STALE_AFTER_MS,
      },
    ]),
  },
  {
    ...common,
    name: 'callback-forged',
    title: 'Forged success',
    what: 'As soon as the payment is registered, a success signed with another secret arrives; the app answers 403 and believes nothing of it.',
    atOnce: (asIfPaid) => [{ ...asIfPaid, sign: 'forged', times: 1 }],
  },
  {
    ...common,
    name: 'callback-unsigned',
    title: 'Unsigned success',
    what: 'As soon as the payment is registered, a success without a signature arrives; the app answers 403 and believes nothing of it.',
    atOnce: (asIfPaid) => [{ ...asIfPaid, sign: 'none', times: 1 }],
  },
  {
    ...common,
    name: 'callback-wrong-amount',
    title: 'Wrong amount in the callback',
    what: 'The callback of the result names one peso less, truly signed; a person must look, and the status has the right sum.',
    notices: results((usual) => {
      const amount = amountOf(usual) - 100;
      return [having(having(usual, 'payment.sum.amount', amount), 'operation.sum_initial.amount', amount)];
    }),
  },
  {
    ...common,
    name: 'callback-wrong-currency',
    title: 'Wrong currency in the callback',
    what: 'The callback of the result names USD, truly signed; a person must look.',
    notices: results((usual) => [having(usual, 'payment.sum.currency', 'USD')]),
  },
  {
    ...common,
    name: 'callback-wrong-project',
    title: 'Wrong project in the callback',
    what: 'The callback of the result names another project, truly signed; a person must look.',
    notices: (usual, world) =>
      usual.tells === 'result' ? [having(usual, 'project_id', world.credentials.projectId + 1)] : [usual],
  },
  {
    ...common,
    name: 'callback-wrong-type',
    title: 'Wrong type in the callback',
    what: 'The callback of the result calls a sale a payout or the other way round, truly signed; a person must look.',
    notices: results((usual) => {
      const isPayout = objectAt(usual.tree, 'payment')?.get('type') === 'payout';
      return [
        having(
          having(usual, 'payment.type', isPayout ? 'purchase' : 'payout'),
          'operation.type',
          isPayout ? 'sale' : 'payout',
        ),
      ];
    }),
  },
  {
    ...common,
    name: 'callback-unknown-status',
    title: 'Unknown status',
    what: 'Before the result comes a callback with a status that nobody knows; the app keeps the payment pending.',
    atOnce: (asIfPaid) => [
      having(having(asIfPaid, 'payment.status', 'awaiting something new'), 'operation.status', 'new'),
    ],
  },
  {
    ...common,
    name: 'callback-unknown-payment',
    title: 'A payment nobody knows',
    what: 'A truly signed success of an unknown payment id arrives; the app answers 200 and keeps it for staff.',
    atOnce: (asIfPaid) => [having(asIfPaid, 'payment.id', 'nobody-knows-this-payment')],
  },
  {
    ...common,
    name: 'callback-without-payment',
    title: 'A callback about something else',
    what: 'A truly signed callback without "payment" arrives; the app answers 200 and ignores it.',
    atOnce: (asIfPaid) => [
      {
        ...asIfPaid,
        tree: treeOf({
          project_id: asIfPaid.tree.get('project_id'),
          recurring: { id: 321, status: 'active', type: 'Y', currency: 'PHP' },
        }) as JsonObject,
      },
    ],
  },
  {
    ...common,
    name: 'callback-general-signature',
    title: 'Signature in general',
    what: 'Callbacks carry their signature in general.signature; the app accepts it there.',
    notices: (usual) => [{ ...usual, sign: 'general' }],
  },
  {
    ...common,
    name: 'callback-collision',
    title: 'A text that looks like fields',
    what: 'A description contains ";payment:status:success", so that the signed text of a pending payment reads like that of a success; the app believes no end of such a callback, and learns the result by asking.',
    atOnce: (asIfPaid) => [
      having(
        having(asIfPaid, 'payment.status', 'processing'),
        'payment.description',
        'x;payment:status:success',
      ),
    ],
  },
] as const satisfies readonly Scenario[];
