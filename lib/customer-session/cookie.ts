import { type CookieStore, getIronSession, type IronSession, type SessionOptions } from 'iron-session';

/** The cookie outlives the webview; how long the session lives is the store's matter. */
const COOKIE_SECONDS = 24 * 60 * 60;

type CookieContent = { row: string };

export type CookieSettings = { secure: boolean; password: string; passwordPrevious: string | undefined };

export function cookieName(secure: boolean): string {
  return secure ? '__Host-customer' : 'customer';
}

function options(settings: CookieSettings, password: string): SessionOptions {
  return {
    cookieName: cookieName(settings.secure),
    password,
    ttl: COOKIE_SECONDS,
    cookieOptions: { httpOnly: true, sameSite: 'lax', secure: settings.secure, path: '/' },
  };
}

async function open(store: CookieStore, settings: CookieSettings): Promise<IronSession<CookieContent>> {
  const session = await getIronSession<CookieContent>(store, options(settings, settings.password));
  if (session.row !== undefined || settings.passwordPrevious === undefined) return session;
  return getIronSession<CookieContent>(store, options(settings, settings.passwordPrevious));
}

/** The session row that this browser's cookie names; `null` without a cookie, or with one that does not open. */
export async function readCookie(store: CookieStore, settings: CookieSettings): Promise<string | null> {
  const { row } = await open(store, settings);
  return typeof row === 'string' ? row : null;
}

/** Written at redemption only, so no slower answer can bring an older session back. */
export async function writeCookie(store: CookieStore, settings: CookieSettings, row: string): Promise<void> {
  const session = await getIronSession<CookieContent>(store, options(settings, settings.password));
  session.row = row;
  await session.save();
}
