import { z } from 'zod';
import { Mistake } from '../maya/mistake.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const milliseconds = z
  .int()
  .min(0)
  .max(60 * DAY_MS);
const centavos = z.int().min(0).max(1_000_000_000_00);

const shape = z.strictObject({
  saleMinCentavos: centavos.default(2_000),
  saleMaxCentavos: centavos.default(1_500_000),
  payoutMinCentavos: centavos.default(100),
  payoutMaxCentavos: centavos.default(2_000_000),
  /** What payouts draw on. */
  payoutBalanceCentavos: centavos.default(10_000_000),
  /** Whether a payout needs an earlier successful sale by the same customer; 2606 without. */
  payoutNeedsSale: z.boolean().default(true),
  /** A second operation of the same kind, customer and amount within this time is refused with 3613; 0: never. */
  duplicateWindowMs: milliseconds.default(0),
  /** From a Gate sale to the callback that says where the customer goes. */
  redirectAfterMs: milliseconds.default(200),
  /** From the customer's yes or no to the result: the customer is always back before it. */
  resultAfterMs: milliseconds.default(1_500),
  payoutAfterMs: milliseconds.default(2_000),
  /** A sale that is neither done nor refused by then is declined, some seconds later. */
  saleLimitMs: milliseconds.default(DAY_MS),
  payoutLimitMs: milliseconds.default(2 * DAY_MS),
  /** From a decline to its reversal, or from a success to the decline after it. */
  reversalAfterMs: milliseconds.default(10 * MINUTE_MS),
  /** How long the slow payout is processed. */
  daysMs: milliseconds.default(40 * HOUR_MS),
  /** How late a late callback is. */
  callbackLateMs: milliseconds.default(2 * HOUR_MS),
  /** How long ECommPay waits for the answer to a callback. */
  callbackTimeoutMs: milliseconds.min(1).default(10 * SECOND_MS),
  /** For an answer that comes after its callback. */
  answerLateMs: milliseconds.default(2_000),
  /** How long an unanswered connection is kept open if the caller does not give up first. */
  hangMs: milliseconds.default(2 * MINUTE_MS),
  /** Added to every answer of the API. */
  latencyMs: milliseconds.default(0),
  /** Where callbacks carry their signature. */
  signaturePlace: z.enum(['top', 'general']).default('top'),
  /** How a payment id that is taken is refused: at once with 3041, or with a 200 and a callback of an error. */
  duplicateId: z.enum(['at-once', 'callback']).default('at-once'),
  /** How status says that there is no such payment: a 404 with 3061, or a 200 with it in `errors`. */
  statusNotFound: z.enum(['404', '200']).default('404'),
});

/** What holds for every payment until changed or reset. */
export type Settings = z.output<typeof shape>;

export const defaultSettings = (): Settings => shape.parse({});

/** `current` with the named fields replaced. Throws a `Mistake` that names each wrong one. */
export function changedSettings(current: Settings, patch: unknown): Settings {
  const isRecord = typeof patch === 'object' && patch !== null && !Array.isArray(patch);
  const merged = shape.safeParse(isRecord ? { ...current, ...patch } : patch);
  if (merged.success) return merged.data;
  throw new Mistake(
    400,
    'invalid_settings',
    z.prettifyError(merged.error),
    'Send {"ecommpay": {…}} with some of the fields that GET /_sim/settings shows under "ecommpay".',
  );
}
