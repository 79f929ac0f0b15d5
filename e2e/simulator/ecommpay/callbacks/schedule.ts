/** ECommPay's delivery rules (https://developers.ecommpay.com/en/en_PP_Callbacks.html). */

export const MAX_ATTEMPTS = 120;
/** After the first attempt. */
export const DELIVERY_PERIOD_MS = 11 * 86_400_000;

const QUICK_ATTEMPTS = 6;
const QUICK_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 4 * 3_600_000;

/** Between attempt `attempt` - 1 and attempt `attempt`, counted from 1. */
export function pauseBefore(attempt: number): number {
  if (attempt <= QUICK_ATTEMPTS) return QUICK_PAUSE_MS;
  return Math.min(Math.round(1_000 * (70 + 10 * 1.12 ** (attempt - 4))), LONGEST_PAUSE_MS);
}
