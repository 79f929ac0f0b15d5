import { useLocale, useTranslations } from 'next-intl';
import { LOCALES } from '#lib/base/locale.ts';

/** Each language in its own words, whatever the page is in. */
const NAMES = { en: 'English', fil: 'Filipino' } as const;

type Props = {
  merchant: string;
  support: string;
  chooseLanguage: (form: FormData) => Promise<void>;
};

export function SiteFooter({ merchant, support, chooseLanguage }: Props) {
  const t = useTranslations('site');
  const current = useLocale();
  return (
    <footer className="border-line border-t">
      <div className="mx-auto flex max-w-3xl flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-5 text-muted text-sm">
        <div className="wrap-anywhere min-w-0">
          <p className="font-medium text-ink">{merchant}</p>
          <p>{t('questions', { support })}</p>
          <p>{t('promise')}</p>
        </div>
        <form action={chooseLanguage}>
          <fieldset className="flex overflow-hidden rounded-xl border border-line bg-surface">
            <legend className="sr-only">{t('language')}</legend>
            {LOCALES.map((locale) => (
              <button
                key={locale}
                type="submit"
                name="locale"
                value={locale}
                lang={locale}
                aria-pressed={locale === current}
                className="min-h-11 px-4 aria-pressed:bg-ink aria-pressed:text-ground"
              >
                {NAMES[locale]}
              </button>
            ))}
          </fieldset>
        </form>
      </div>
    </footer>
  );
}
