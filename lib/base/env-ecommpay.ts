import { z } from 'zod';
import { addresses, baseUrl, isLoopback, oneOf, wholeNumber } from './env-kinds.ts';

const DAY_SECONDS = 24 * 60 * 60;

const centavos = () => wholeNumber(1, 999_999_999_999);
const seconds = () => wholeNumber(1, 30 * DAY_SECONDS);

/**
 * Settings of the ECommPay rail, which is off while `ECOMMPAY_PROJECT_ID` is unset. Limits and times are the published
 * ones of the PayMaya method (contract 12.1); ECommPay may have agreed on others with this merchant.
 */
export const ecommpayShape = {
  ECOMMPAY_PROJECT_ID: wholeNumber(1, 999_999_999).optional(),
  ECOMMPAY_SECRET: z.string().min(1).optional(),
  ECOMMPAY_SECRET_PREVIOUS: z.string().min(1).optional(),
  ECOMMPAY_PAYMENT_PAGE_URL: baseUrl.default(new URL('https://paymentpage.ecommpay.com/payment')),
  ECOMMPAY_GATE_URL: baseUrl.default(new URL('https://api.ecommpay.com')),
  ECOMMPAY_DATA_URL: baseUrl.default(new URL('https://data.ecommpay.com/v1')),
  ECOMMPAY_DATA_TOKEN: z.string().min(1).optional(),
  ECOMMPAY_DATA_SECRET: z.string().min(1).optional(),
  ECOMMPAY_ALLOWED_IPS: addresses.optional(),
  ECOMMPAY_SALE: oneOf('page', 'gate').default('page'),
  ECOMMPAY_TIMEOUT_MS: wholeNumber(100, 120_000).default(30_000),
  ECOMMPAY_SALE_MIN_CENTAVOS: centavos().default(2_000),
  ECOMMPAY_SALE_MAX_CENTAVOS: centavos().default(1_500_000),
  ECOMMPAY_PAYOUT_MIN_CENTAVOS: centavos().default(100),
  ECOMMPAY_PAYOUT_MAX_CENTAVOS: centavos().default(2_000_000),
  ECOMMPAY_BEST_BEFORE_SECONDS: seconds().default(1_800),
  ECOMMPAY_SALE_BASE_SECONDS: seconds().default(1_800),
  ECOMMPAY_SALE_LIMIT_SECONDS: seconds().default(DAY_SECONDS),
  ECOMMPAY_PAYOUT_BASE_SECONDS: seconds().default(DAY_SECONDS),
  ECOMMPAY_PAYOUT_LIMIT_SECONDS: seconds().default(2 * DAY_SECONDS),
  ECOMMPAY_RESEND_AFTER_SECONDS: seconds().default(600),
  // Shorter, and staff could not tell any more whom a late callback speaks of.
  PAYOUT_RECIPIENT_DAYS: wholeNumber(7, 3_650).default(180),
  ECOMMPAY_PAYOUT_IP: z.union([z.ipv4(), z.ipv6()], 'must be an IPv4 or IPv6 address').optional(),
};

type Raw = Partial<z.output<z.ZodObject<typeof ecommpayShape>>> & {
  MAYA_MODE?: 'simulator' | 'sandbox' | 'production';
  TRUSTED_PROXY_HOPS?: number;
};

/** Checks that need several variables. `MAYA_MODE` says for both rails whether this is life or a rehearsal. */
export function ecommpayChecks(raw: Raw, say: (variable: string, problem: string) => void): void {
  if (raw.ECOMMPAY_ALLOWED_IPS && (raw.TRUSTED_PROXY_HOPS ?? 0) < 1)
    say(
      'ECOMMPAY_ALLOWED_IPS',
      'needs TRUSTED_PROXY_HOPS of at least 1: without a proxy an address cannot be trusted',
    );
  for (const what of ['SALE', 'PAYOUT'] as const) {
    const lowest = raw[`ECOMMPAY_${what}_MIN_CENTAVOS`] ?? 0;
    if (lowest > (raw[`ECOMMPAY_${what}_MAX_CENTAVOS`] ?? Number.POSITIVE_INFINITY))
      say(`ECOMMPAY_${what}_MIN_CENTAVOS`, `must not be above ECOMMPAY_${what}_MAX_CENTAVOS`);
    if ((raw[`ECOMMPAY_${what}_BASE_SECONDS`] ?? 0) > (raw[`ECOMMPAY_${what}_LIMIT_SECONDS`] ?? Infinity))
      say(`ECOMMPAY_${what}_BASE_SECONDS`, `must not be above ECOMMPAY_${what}_LIMIT_SECONDS`);
  }
  if (Boolean(raw.ECOMMPAY_DATA_TOKEN) !== Boolean(raw.ECOMMPAY_DATA_SECRET))
    say(
      raw.ECOMMPAY_DATA_TOKEN ? 'ECOMMPAY_DATA_SECRET' : 'ECOMMPAY_DATA_TOKEN',
      'the Data API needs token and secret: set this one too, or unset the other',
    );
  if (raw.ECOMMPAY_PROJECT_ID === undefined) return;

  if (raw.ECOMMPAY_SECRET === undefined)
    say('ECOMMPAY_SECRET', 'is missing: the rail of ECOMMPAY_PROJECT_ID needs its secret');
  if (raw.ECOMMPAY_SALE === 'gate' && raw.MAYA_MODE !== 'simulator' && (raw.TRUSTED_PROXY_HOPS ?? 0) < 1)
    say('ECOMMPAY_SALE', 'gate sends the customer’s address, which needs TRUSTED_PROXY_HOPS of at least 1');
  checkAddresses(raw, say);
}

function checkAddresses(raw: Raw, say: (variable: string, problem: string) => void): void {
  const mode = raw.MAYA_MODE;
  for (const variable of ['ECOMMPAY_PAYMENT_PAGE_URL', 'ECOMMPAY_GATE_URL', 'ECOMMPAY_DATA_URL'] as const) {
    const address = raw[variable];
    if (!address || !mode) continue;
    if (mode === 'simulator' && !isLoopback(address))
      say(variable, 'must be on loopback when MAYA_MODE=simulator');
    if (
      mode !== 'simulator' &&
      address.protocol !== 'https:' &&
      (mode === 'production' || !isLoopback(address))
    )
      say(
        variable,
        mode === 'production'
          ? 'must be https when MAYA_MODE=production'
          : 'must be https when MAYA_MODE=sandbox (plain http on loopback only)',
      );
    if (mode === 'production' && isLoopback(address))
      say(variable, 'must not be on loopback when MAYA_MODE=production');
  }
}
