import { cookies, headers } from 'next/headers';
import { getRequestConfig } from 'next-intl/server';
import { isSecure, type Settings } from '../base/env.ts';
import { type Locale, negotiateLocale } from '../base/locale.ts';
import { LANGUAGE_COOKIE, TEXTS } from './texts.ts';

const A_YEAR_SECONDS = 365 * 24 * 60 * 60;

/** The language of this request's page. */
export async function currentLocale(): Promise<Locale> {
  const chosen = (await cookies()).get(LANGUAGE_COOKIE)?.value;
  return negotiateLocale(chosen, (await headers()).get('accept-language'));
}

/** Keeps the language that the customer chose. For actions and handlers. */
export async function rememberLocale(settings: Settings, locale: Locale): Promise<void> {
  (await cookies()).set(LANGUAGE_COOKIE, locale, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure(settings),
    maxAge: A_YEAR_SECONDS,
  });
}

/** What next-intl asks for each request; pages and components read their texts through it, on the server alone. */
export default getRequestConfig(async () => {
  const locale = await currentLocale();
  return { locale, messages: TEXTS[locale], timeZone: 'Asia/Manila' };
});

declare module 'next-intl' {
  interface AppConfig {
    Locale: Locale;
    Messages: (typeof TEXTS)['en'];
  }
}
