import { isObject } from '../message.ts';
import { type Redirect, readRedirect } from '../redirect-data.ts';
import type { Report } from '../report.ts';

/**
 * The customer of a Gate sale is to be sent on (contract 4.3). Several may come for one payment. What decides is the
 * presence of `redirect_data`, whatever the status text.
 *
 * `redirect` is `null` where nobody may be sent there.
 */
export type RedirectCallback = { kind: 'redirect'; report: Report; redirect: Redirect | null };

export function readRedirectCallback(
  message: Record<string, unknown>,
  report: Report,
  alsoOrigin: string | undefined,
): RedirectCallback | null {
  if (report.type === 'payout' || !isObject(message.redirect_data)) return null;
  return { kind: 'redirect', report, redirect: readRedirect(message.redirect_data, alsoOrigin) };
}
