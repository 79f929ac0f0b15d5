import { DEFAULT_LOCALE, type Locale } from './locale.ts';

const TIME_ZONE = 'Asia/Manila';
const REGION: Record<Locale, string> = { en: 'en-PH', fil: 'fil-PH' };

/** `Nov 21, 2026, 10:31 PM`, in Manila, where merchant and customer are. */
export function formatManila(ms: number, locale: Locale = DEFAULT_LOCALE): string {
  return new Intl.DateTimeFormat(REGION[locale], {
    timeZone: TIME_ZONE,
    dateStyle: 'medium',
    timeStyle: 'short',
  }).format(ms);
}

/** `10:31 PM`, in Manila. */
export function formatManilaTime(ms: number, locale: Locale = DEFAULT_LOCALE): string {
  return new Intl.DateTimeFormat(REGION[locale], { timeZone: TIME_ZONE, timeStyle: 'short' }).format(ms);
}
