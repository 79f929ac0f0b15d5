import { sha256Hex } from '../../base/ids.ts';
import type { EcommpaySettings } from '../api.ts';
import { readMessage } from '../message.ts';
import { type Report, readReport } from '../report.ts';
import { isAmbiguous, stringToSign } from '../signature.ts';
import { type PayoutCallback, readPayoutCallback } from './payout.ts';
import { type RedirectCallback, readRedirectCallback } from './redirect.ts';
import { readSaleCallback, type SaleCallback } from './sale.ts';
import { WITHOUT_PAYMENT, type WithoutPaymentCallback } from './without-payment.ts';

export type CallbackEvent = SaleCallback | RedirectCallback | PayoutCallback | WithoutPaymentCallback;

/** `not_authentic`: without a signature of ours, or with a wrong one. Nothing of it may be believed or looked up. */
export type CallbackRead =
  | { kind: 'unreadable' }
  | { kind: 'not_authentic' }
  | { kind: 'authentic'; event: CallbackEvent };

/**
 * Reads a callback's raw body: parse, then signature (contract 7.3). Whether it agrees with our own row is the next
 * question, and not this room's.
 *
 * @param alsoOrigin an origin that customers may be sent to beside public https hosts: the simulator's
 */
export function readCallback(
  body: Uint8Array,
  settings: Pick<EcommpaySettings, 'secret' | 'previousSecret'>,
  alsoOrigin?: string,
): CallbackRead {
  const { secret, previousSecret } = settings;
  const message = readMessage(body, previousSecret === undefined ? [secret] : [secret, previousSecret]);
  if (message.kind === 'unreadable') return { kind: 'unreadable' };
  if (message.kind !== 'signed') return { kind: 'not_authentic' };
  const said = readReport(message.value);
  // Whoever has seen a genuine message could have cut it anew: no end is believed, ECommPay is asked (contract 2.5).
  const report = said && isAmbiguous(message.value) ? withoutWord(said, stringToSign(message.value)) : said;
  const event =
    report === null
      ? WITHOUT_PAYMENT
      : (readPayoutCallback(report) ??
        readRedirectCallback(message.value, report, alsoOrigin) ??
        readSaleCallback(report) ??
        WITHOUT_PAYMENT);
  return { kind: 'authentic', event };
}

/** What is left of a message that may be another one than ECommPay signed: of which payment there is something to ask. */
const withoutWord = (report: Report, signedText: string): Report => ({
  ...report,
  reading: 'pending',
  sum: null,
  operation: null,
  succeeded: [],
  ambiguous: sha256Hex(signedText),
});
