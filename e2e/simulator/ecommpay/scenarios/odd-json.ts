import type { Notice } from '../callbacks/notice.ts';
import { JsonNumber, type JsonObject, objectAt, treeOf, writeJson } from '../signature/json-tree.ts';
import type { Scenario } from './scenario.ts';

const common = { group: 'odd-json', touches: ['page-sale', 'gate-sale', 'payout'], calls: 1 } as const;

const HUGE_CHARACTERS = 100_000;
const DEEP_LEVELS = 30;

/** The callback of the result with further members at the top. */
const adding =
  (members: Record<string, unknown>) =>
  (usual: Notice): Notice[] => [
    usual.tells === 'result'
      ? { ...usual, tree: new Map([...usual.tree, ...(treeOf(members) as JsonObject)]) }
      : usual,
  ];

const inside = (tree: JsonObject, key: string, members: Record<string, unknown>): JsonObject =>
  new Map([...tree, [key, new Map([...(objectAt(tree, key) ?? []), ...(treeOf(members) as JsonObject)])]]);

const ESCAPED = /[^\w\s{}[\]",:.+-]|[aeiou]/g;
const escapeOf = (character: string) =>
  character === '/' ? '\\/' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Every text of the body with escapes that change nothing. */
const escaped = (tree: JsonObject): string =>
  writeJson(tree).replace(/"((?:[^"\\]|\\.)*)"/g, (whole, inner: string) =>
    inner.includes('\\') ? whole : `"${inner.replace(ESCAPED, escapeOf)}"`,
  );

const nested = (levels: number): unknown => (levels === 0 ? 'deep' : [{ more: nested(levels - 1) }]);

/** The result in JSON that is odd but truly signed. */
export const oddJsonScenarios = [
  {
    ...common,
    name: 'json-big-integers',
    title: 'Integers above 2^53',
    what: 'operation.id and provider.id are integers that JavaScript would round; the signature counts their digits, and the app accepts the callback.',
    notices: (usual) => [
      {
        ...usual,
        tree: inside(
          inside(usual.tree, 'operation', { id: new JsonNumber('9007199254740993') }),
          'provider_extra_fields',
          { reference: new JsonNumber('123456789012345678901234567890') },
        ),
      },
    ],
  },
  {
    ...common,
    name: 'json-escapes',
    title: 'Escapes everywhere',
    what: 'Half the letters and every slash are written as escapes, in keys too; the app accepts the callback.',
    notices: (usual) => [{ ...usual, write: escaped }],
  },
  {
    ...common,
    name: 'json-nested-arrays',
    title: 'Nested arrays',
    what: 'An unknown member has arrays in arrays, twelve items long, empty ones among them; the app accepts the callback.',
    notices: adding({
      provider_extra_fields: [[], {}, [['a', ['b', {}]], null], ...Array.from({ length: 9 }, (_, at) => at)],
    }),
  },
  {
    ...common,
    name: 'json-proto',
    title: 'A key __proto__',
    what: 'Members called __proto__ and constructor are in the callback, truly signed; the app accepts or refuses it, and nothing gets a new prototype.',
    notices: (usual) => [
      {
        ...usual,
        tree: new Map([
          ...usual.tree,
          ['__proto__', treeOf({ payment: { status: 'success' }, polluted: true })],
          ['constructor', treeOf({ prototype: { polluted: true } })],
        ]),
      },
    ],
  },
  {
    ...common,
    name: 'json-duplicate-keys',
    title: 'A key that comes twice',
    what: 'payment.status comes twice, first as the opposite; readers differ in which counts, so the app refuses the callback and learns the result by asking.',
    notices: (usual) => [
      usual.tells === 'redirect'
        ? usual
        : {
            ...usual,
            write: (tree) => {
              const status = objectAt(tree, 'payment')?.get('status') === 'success' ? 'decline' : 'success';
              return writeJson(tree).replace('"payment":{', `"payment":{"status":"${status}",`);
            },
          },
    ],
  },
  {
    ...common,
    name: 'json-odd-numbers',
    title: 'Odd numbers',
    what: 'Unknown members are written 1.0, 1e3 and -0, which libraries sign differently; the app accepts or refuses it, and learns the result by asking if need be.',
    notices: adding({
      provider_extra_fields: {
        one: new JsonNumber('1.0'),
        thousand: new JsonNumber('1e3'),
        zero: new JsonNumber('-0'),
      },
    }),
  },
  {
    ...common,
    name: 'json-empties',
    title: 'Nulls, booleans and empties',
    what: 'Unknown members are null, true, false, {}, [] and ""; the app accepts the callback.',
    notices: adding({ acs: null, decision: {}, recurring: [], note: '', live: true, test: false }),
  },
  {
    ...common,
    name: 'json-separators',
    title: 'Colons and semicolons in keys and values',
    what: 'An unknown member has ":" and ";" in its keys and values, a nested "signature", and keys that differ by case and digits only; the signature fits other trees too, so the app accepts the callback, believes no end of it, and learns the result by asking.',
    notices: adding({
      provider_extra_fields: {
        'a:b': 'x;y:z',
        'c;d': '1',
        field2: 'b',
        field10: 'c',
        Field2: 'a',
        signature: 'not this one',
      },
    }),
  },
  {
    ...common,
    name: 'json-deep',
    title: 'Thirty levels deep',
    what: 'An unknown member is sixty levels deep; the app may refuse the callback, and learns the result by asking.',
    notices: adding({ provider_extra_fields: nested(DEEP_LEVELS) }),
  },
  {
    ...common,
    name: 'json-huge',
    title: '100 KB',
    what: 'The callback is 100 KB long; the app refuses it unread, and learns the result by asking.',
    notices: adding({ provider_extra_fields: 'x'.repeat(HUGE_CHARACTERS) }),
  },
  {
    ...common,
    name: 'json-broken',
    title: 'No JSON',
    what: 'The callback of the result ends in the middle; the app answers 400 and learns the result by asking.',
    notices: (usual) => [
      usual.tells === 'redirect' ? usual : { ...usual, write: (tree) => writeJson(tree).slice(0, -20) },
    ],
  },
] as const satisfies readonly Scenario[];
