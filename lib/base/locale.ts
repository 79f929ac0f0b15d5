/** The languages of every page and of the catalogue. */
export const LOCALES = ['en', 'fil'] as const;

export type Locale = (typeof LOCALES)[number];

export const DEFAULT_LOCALE: Locale = 'en';

/** What people read, in each language. */
export type Text = Readonly<Record<Locale, string>>;

export const isLocale = (value: unknown): value is Locale => LOCALES.some((locale) => locale === value);

/** What browsers say for each; `tl` is the older code that many Android phones still send for Filipino. */
const SPOKEN = new Map<string, Locale>([
  ['en', 'en'],
  ['fil', 'fil'],
  ['tl', 'fil'],
]);

/**
 * The language of a page: what the customer chose, else what the browser asks for, else English.
 *
 * @param chosen value of the language cookie
 * @param acceptLanguage the header (RFC 9110 section 12.5.4); anything unreadable in it is passed over
 */
export function negotiateLocale(chosen: string | undefined, acceptLanguage: string | null): Locale {
  if (isLocale(chosen)) return chosen;
  const wanted = (acceptLanguage ?? '')
    .slice(0, 500)
    .split(',')
    .flatMap((range) => {
      const [tag = '', ...parameters] = range.trim().toLowerCase().split(';');
      const locale = SPOKEN.get(tag.split('-')[0] ?? '');
      const weight = parameters.map((text) => /^\s*q=([\d.]+)\s*$/.exec(text)?.[1]).find(Boolean);
      const quality = weight === undefined ? 1 : Number(weight);
      return locale && quality > 0 ? [{ locale, quality }] : [];
    });
  return wanted.sort((a, b) => b.quality - a.quality)[0]?.locale ?? DEFAULT_LOCALE;
}
