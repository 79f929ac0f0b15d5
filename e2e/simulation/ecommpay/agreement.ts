import type { Credentials } from '#e2e/simulator/ecommpay/world.ts';

/** What the merchant of a simulated world and ECommPay agreed on. Times are shorter than in life, in the same order. */

export const ORIGIN = 'http://localhost:4001';

export const CREDENTIALS: Credentials = {
  projectId: 580,
  secret: 'sim-ecommpay-secret-that-nobody-writes',
  dataToken: 'sim-ecommpay-data-token-that-nobody-writes',
  dataSecret: 'sim-ecommpay-data-secret-that-nobody-writes',
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export const TIMES = {
  callMs: 4_000,
  bestBeforeMs: 10 * MINUTE_MS,
  saleBaseMs: 10 * MINUTE_MS,
  saleLimitMs: HOUR_MS,
  resendAfterMs: 2 * MINUTE_MS,
  payoutBaseMs: 20 * MINUTE_MS,
  payoutLimitMs: 2 * HOUR_MS,
  reversalAfterMs: 10 * MINUTE_MS,
  daysMs: 90 * MINUTE_MS,
};

/** After the limit: what ECommPay is given beside it (`lib`), and one hour more. */
const MARGIN_MS = { sale: HOUR_MS, payout: 2 * HOUR_MS };

/** From the end of the faults to the end of everything over this rail. */
export const SETTLES_WITHIN_MS = {
  sale: TIMES.saleLimitMs + MARGIN_MS.sale + HOUR_MS,
  payout: TIMES.payoutLimitMs + MARGIN_MS.payout + HOUR_MS,
};

/** The rail in the settings of our processes. */
export const railSettings = (sale: 'page' | 'gate'): Record<string, string> => ({
  ECOMMPAY_PROJECT_ID: String(CREDENTIALS.projectId),
  ECOMMPAY_SECRET: CREDENTIALS.secret,
  ECOMMPAY_PAYMENT_PAGE_URL: `${ORIGIN}/payment`,
  ECOMMPAY_GATE_URL: ORIGIN,
  ECOMMPAY_DATA_URL: ORIGIN,
  SIMULATOR_URL: ORIGIN,
  ECOMMPAY_SALE: sale,
  ECOMMPAY_TIMEOUT_MS: String(TIMES.callMs),
  ECOMMPAY_SALE_MAX_CENTAVOS: '2000000',
  ECOMMPAY_BEST_BEFORE_SECONDS: String(TIMES.bestBeforeMs / 1_000),
  ECOMMPAY_SALE_BASE_SECONDS: String(TIMES.saleBaseMs / 1_000),
  ECOMMPAY_SALE_LIMIT_SECONDS: String(TIMES.saleLimitMs / 1_000),
  ECOMMPAY_RESEND_AFTER_SECONDS: String(TIMES.resendAfterMs / 1_000),
  ECOMMPAY_PAYOUT_BASE_SECONDS: String(TIMES.payoutBaseMs / 1_000),
  ECOMMPAY_PAYOUT_LIMIT_SECONDS: String(TIMES.payoutLimitMs / 1_000),
});
