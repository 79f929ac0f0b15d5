import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { EcommpaySettings } from './api.ts';
import { sign } from './signature.ts';

/** What the specs of this room share. */

export type Vector = {
  name: string;
  params: Record<string, unknown>;
  secret: string;
  string_to_sign: string;
  expected: string;
};

export const VECTORS = JSON.parse(
  readFileSync(new URL('./fixtures/signature-vectors.json', import.meta.url), 'utf8'),
) as Vector[];
export const SECRET = 'not-a-real-secret';

/** Whether its parameters hold their signature already. */
export const isSigned = ({ params }: Vector) =>
  'signature' in params || 'signature' in ((params.general ?? {}) as object);

/** A message as it would arrive: the parameters with their signature at the top level. */
export const messageOf = ({ params, expected }: Vector) => JSON.stringify({ ...params, signature: expected });

export const signed = (tree: Record<string, unknown>) =>
  JSON.stringify({ ...tree, signature: sign(tree, SECRET) });

const anyText = fc.string({ unit: 'binary', maxLength: 8 });
export const anyTree = fc.dictionary(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }).filter((key) => key !== 'signature'),
  fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      anyText,
      fc.maxSafeInteger(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(anyText, tie('value'), { maxKeys: 4 }),
    ),
  })).value,
  { maxKeys: 6, noNullPrototype: true },
);

export const SETTINGS: EcommpaySettings = {
  projectId: 580,
  secret: SECRET,
  previousSecret: undefined,
  pageUrl: 'https://page.test/payment',
  gateUrl: 'https://gate.test',
  data: { url: 'https://data.test/v1', token: 'data-token', secret: 'data-secret' },
  timeoutMs: 30_000,
  sale: { minCentavos: 2_000, maxCentavos: 1_500_000 },
  payout: { minCentavos: 100, maxCentavos: 2_000_000 },
};
