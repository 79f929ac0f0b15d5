import { isSecure, type Settings } from '../base/env.ts';
import { systemIds } from '../base/ids.ts';
import { cookieName } from '../customer-session/cookie.ts';
import {
  makeVisitorKeys,
  readVisitor,
  visitorCookieName,
  visitorCookieOptions,
  writeVisitor,
} from '../customer-session/visitor.ts';

/** A page that is asked for, as far as this room wants to know it. */
export type AskedPage = {
  method: string;
  path: string;
  /** What the address says after the question mark. */
  search: URLSearchParams;
  headers: Pick<Headers, 'get'>;
  cookie: (name: string) => string | undefined;
};

export type NewCookie = { name: string; value: string; options: ReturnType<typeof visitorCookieOptions> };

/**
 * The cookie that a browser gets with its first page where the second rail is on (decision 019): so every form that it
 * sends comes with one, and whoever began a payment is known though the answer to that tap was lost. It is signed and
 * stands in no store.
 *
 * @returns `null` for a browser that has one, for Maya's webview, and for whatever is not a page being opened
 */
export function cookieOfFirstPage(page: AskedPage, settings: Settings): NewCookie | null {
  if (settings.ECOMMPAY_PROJECT_ID === undefined || !isOpened(page)) return null;
  const secure = isSecure(settings);
  // Maya's webview has a session, or came from the launch and was not given one.
  const isFromLaunch = page.path === '/open' || page.search.has('launched');
  if (isFromLaunch || page.cookie(cookieName(secure)) !== undefined) return null;
  const keys = makeVisitorKeys(settings.SESSION_PASSWORD, settings.SESSION_PASSWORD_PREVIOUS);
  const name = visitorCookieName(secure);
  if (readVisitor(keys, page.cookie(name))) return null;
  return { name, value: writeVisitor(keys, systemIds.key()), options: visitorCookieOptions(secure) };
}

/**
 * A navigation. What a page loads in the background must not bring a second cookie after the first, nor what is loaded
 * before anybody looks at it.
 */
function isOpened({ method, headers }: AskedPage): boolean {
  const destination = headers.get('sec-fetch-dest');
  const isDocument = destination === null || destination === 'document' || destination === 'iframe';
  const isAhead = /prefetch/.test(headers.get('sec-purpose') ?? headers.get('purpose') ?? '');
  return method === 'GET' && isDocument && !isAhead && headers.get('rsc') === null;
}
