import { useTranslations } from 'next-intl';
import { formatPesos } from '#lib/base/money.ts';

/** What a payment outside the Maya app needs, and what the customer should know before leaving. */
export function EmailField({ limits }: { limits: { minCentavos: number; maxCentavos: number } }) {
  const t = useTranslations('outside');
  return (
    <div className="mb-4">
      <label htmlFor="email" className="mb-2 block font-semibold">
        {t('email')}
      </label>
      <input
        id="email"
        name="email"
        type="email"
        autoComplete="email"
        required
        maxLength={254}
        aria-describedby="email-hint"
        className="min-h-12 w-full rounded-xl border border-line bg-surface px-4"
      />
      <p id="email-hint" className="mt-1 text-muted text-sm">
        {t('emailHint')} {t('goesOn')}{' '}
        {t('limits', { min: formatPesos(limits.minCentavos), max: formatPesos(limits.maxCentavos) })}
      </p>
    </div>
  );
}
