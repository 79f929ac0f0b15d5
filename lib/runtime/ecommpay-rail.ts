import type { Settings } from '../base/env.ts';
import type { Wire } from '../base/exchange.ts';
import type { EcommpayRail } from '../payments/ecommpay/rail.ts';

const withoutSlash = (url: URL) => url.href.replace(/\/+$/, '');

/** The second rail as the settings say; `null` while no project is set. */
export function ecommpayRail(settings: Settings, wire: Wire): EcommpayRail | null {
  const { ECOMMPAY_PROJECT_ID: projectId, ECOMMPAY_SECRET: secret } = settings;
  if (projectId === undefined || secret === undefined) return null;
  const { ECOMMPAY_DATA_TOKEN: token, ECOMMPAY_DATA_SECRET: dataSecret } = settings;
  return {
    api: {
      fetch: wire.fetch,
      clock: wire.clock,
      log: wire.log,
      settings: {
        projectId,
        secret,
        previousSecret: settings.ECOMMPAY_SECRET_PREVIOUS,
        pageUrl: withoutSlash(settings.ECOMMPAY_PAYMENT_PAGE_URL),
        gateUrl: withoutSlash(settings.ECOMMPAY_GATE_URL),
        data:
          token !== undefined && dataSecret !== undefined
            ? { url: withoutSlash(settings.ECOMMPAY_DATA_URL), token, secret: dataSecret }
            : undefined,
        timeoutMs: settings.ECOMMPAY_TIMEOUT_MS,
        sale: {
          minCentavos: settings.ECOMMPAY_SALE_MIN_CENTAVOS,
          maxCentavos: settings.ECOMMPAY_SALE_MAX_CENTAVOS,
        },
        payout: {
          minCentavos: settings.ECOMMPAY_PAYOUT_MIN_CENTAVOS,
          maxCentavos: settings.ECOMMPAY_PAYOUT_MAX_CENTAVOS,
        },
      },
    },
    sale: settings.ECOMMPAY_SALE,
    origin: settings.APP_URL.origin,
    alsoOrigin: settings.MAYA_MODE === 'simulator' ? settings.SIMULATOR_URL.origin : undefined,
    times: {
      bestBeforeMs: settings.ECOMMPAY_BEST_BEFORE_SECONDS * 1_000,
      baseMs: settings.ECOMMPAY_SALE_BASE_SECONDS * 1_000,
      limitMs: settings.ECOMMPAY_SALE_LIMIT_SECONDS * 1_000,
      resendAfterMs: settings.ECOMMPAY_RESEND_AFTER_SECONDS * 1_000,
    },
  };
}
