import type { Wire } from '../base/exchange.ts';

/** What the protocol needs to know of this merchant's project at ECommPay (contract 1). Addresses have no final slash. */
export type EcommpaySettings = {
  projectId: number;
  secret: string;
  /** Opens callbacks that were signed before a change of the secret; signs nothing. */
  previousSecret: string | undefined;
  /** The Payment Page itself, e.g. `https://paymentpage.ecommpay.com/payment`. */
  pageUrl: string;
  /** Base of `/v2/…`. */
  gateUrl: string;
  /** The Data API has a token with a secret of its own (contract 10). */
  data: { url: string; token: string; secret: string } | undefined;
  /** Time limit of every call. */
  timeoutMs: number;
  sale: Limits;
  payout: Limits;
};

/** What one operation may come to, both ends included. */
export type Limits = { minCentavos: number; maxCentavos: number };

/** One side of the wire; transport and clock are arguments. */
export type EcommpayApi = Wire & { settings: EcommpaySettings };

/** The method's code on the Payment Page and in Gate's paths differ (contract 1). */
export const PAGE_METHOD = 'paymaya-wallet';
export const GATE_METHOD = 'wallet/paymaya';

/** Whether such an amount may be sent (contract 12.1). */
export const isWithin = ({ minCentavos, maxCentavos }: Limits, centavos: number): boolean =>
  Number.isInteger(centavos) && centavos >= minCentavos && centavos <= maxCentavos;
