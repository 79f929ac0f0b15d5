import type { EcommpayApi } from '../../ecommpay/api.ts';

/** The ECommPay rail of one process: its side of the wire, and what this merchant chose and agreed on. */
export type EcommpayRail = {
  api: EcommpayApi;
  /** How customers pay: on ECommPay's Payment Page, or in the wallet at once. */
  sale: 'page' | 'gate';
  /** Our public origin, for return and callback addresses. */
  origin: string;
  /** Where customers may be sent beside public https hosts: the simulator, in its mode. */
  alsoOrigin: string | undefined;
  times: SaleTimes;
};

/** Milliseconds (contract 12.1). */
export type SaleTimes = {
  /** How long a Payment Page address can be used. */
  bestBeforeMs: number;
  /** When the result is usually there: the moment to start asking. */
  baseMs: number;
  /** When ECommPay declines by itself what is still open. */
  limitMs: number;
  /** A request that was lost, and that ECommPay does not know after this, is sent again. */
  resendAfterMs: number;
};

export const callbackUrl = (rail: Pick<EcommpayRail, 'origin'>) => `${rail.origin}/api/ecommpay/callback`;
