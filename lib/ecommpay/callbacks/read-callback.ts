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
  return { kind: 'authentic', event: eventOf(message.value, alsoOrigin) };
}

function eventOf(message: Record<string, unknown>, alsoOrigin: string | undefined): CallbackEvent {
  const report = readReport(message);
  if (report === null) return WITHOUT_PAYMENT;
  if (isAmbiguous(message)) return { kind: 'sale', report: withoutWord(report, stringToSign(message)) };
  return (
    readPayoutCallback(report) ??
    readRedirectCallback(message, report, alsoOrigin) ??
    readSaleCallback(report) ??
    WITHOUT_PAYMENT
  );
}

/**
 * What is left of a message that may be another one than ECommPay signed, for whoever has seen a genuine one could have cut
 * it anew (contract 2.5): of which payment there is something to ask. No end, no sum, no project or type to compare; and
 * nobody is sent on by it, for lines of an address without a `;` may have been cut out of another value.
 */
const withoutWord = ({ paymentId }: Report, signedText: string): Report => ({
  projectId: null,
  paymentId,
  type: null,
  status: 'ambiguous',
  reading: 'pending',
  sum: null,
  operation: null,
  succeeded: [],
  ambiguous: sha256Hex(signedText),
});
