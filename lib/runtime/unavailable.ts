import { randomBytes } from 'node:crypto';
import type { Settings } from '../base/env.ts';
import { negotiateLocale } from '../base/locale.ts';
import { html, plainPage, plainPolicy } from './plain-page.ts';
import { LANGUAGE_COOKIE, TEXTS } from './texts.ts';

/** When it may be tried again, for whoever reads headers, and for the page itself. */
export const RETRY_AFTER_SECONDS = 5;
const RELOAD_SECONDS = 10;

/** Who asked, as far as the page's words depend on it. */
export type Asker = {
  headers: Pick<Headers, 'get'>;
  cookie: (name: string) => string | undefined;
  /** Whether a form was sent, which nobody has read. */
  isForm: boolean;
};

/**
 * 503, in the customer's language and without anything of Next's: for moments in which the store cannot be reached. It
 * goes on by itself when that is over, and leads back to its own address.
 */
export function unavailable(
  { headers, cookie, isForm }: Asker,
  settings: Pick<Settings, 'MERCHANT_NAME' | 'MAYA_MODE' | 'SIMULATOR_URL'>,
): Response {
  const locale = negotiateLocale(cookie(LANGUAGE_COOKIE), headers.get('accept-language'));
  const texts = TEXTS[locale].unavailable;
  const nonce = randomBytes(16).toString('base64');
  const page = plainPage({
    lang: locale,
    title: settings.MERCHANT_NAME,
    heading: texts.heading,
    text: isForm ? texts.sentNothing : texts.text,
    nonce,
    wait: {
      ask: '/api/ready',
      everySeconds: RETRY_AFTER_SECONDS,
      reloadSeconds: RELOAD_SECONDS,
      still: texts.still,
    },
    // An empty address is the page's own, whatever stands in it; by GET, so that no form is sent again.
    ways: `<p><a href="">${html(texts.again)}</a></p>`,
  });
  const ancestors = settings.MAYA_MODE === 'simulator' ? settings.SIMULATOR_URL.origin : "'none'";
  return new Response(page, {
    status: 503,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': plainPolicy(nonce, { forms: "'none'", ancestors }),
      'Cache-Control': 'private, no-store',
      'Referrer-Policy': 'same-origin',
      'Retry-After': String(RETRY_AFTER_SECONDS),
    },
  });
}
