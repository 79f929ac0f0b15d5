'use client';

import { DEFAULT_LOCALE, isLocale, type Locale } from '#lib/base/locale.ts';

/** Error pages are drawn in the browser, where the catalogue of texts is not: they bring their own. */
const WORDS = {
  en: {
    heading: 'Something went wrong',
    text: 'We could not show this page. A payment you started goes on and is never charged twice; you find it under Orders.',
    reference: 'Reference',
    again: 'Try again',
  },
  fil: {
    heading: 'Nagkaproblema',
    text: 'Hindi namin maipakita ang page na ito. Tuloy ang bayad na sinimulan mo at hindi ka sisingilin nang dalawang beses; makikita mo ito sa Mga order.',
    reference: 'Reference',
    again: 'Subukan ulit',
  },
} as const satisfies Record<Locale, Record<string, string>>;

/** Words in the language of the page that failed. */
export function errorWords(): (typeof WORDS)[Locale] {
  const language = typeof document === 'undefined' ? DEFAULT_LOCALE : document.documentElement.lang;
  return WORDS[isLocale(language) ? language : DEFAULT_LOCALE];
}
