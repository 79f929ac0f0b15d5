import { useTranslations } from 'next-intl';
import { formatPesos } from '#lib/base/money.ts';

/** What a payment outside the Maya app needs, and what the customer should know before leaving. */
type Props = {
  limits: { minCentavos: number; maxCentavos: number };
  /** Whether what was sent a moment ago was no e-mail address. */
  isWrong: boolean;
};

export function EmailField({ limits, isWrong }: Props) {
  const t = useTranslations('outside');
  const notices = useTranslations('notices');
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
        aria-describedby={isWrong ? 'email-wrong email-hint' : 'email-hint'}
        aria-invalid={isWrong}
        className="min-h-12 w-full rounded-xl border border-line bg-surface px-4 aria-invalid:border-bad"
      />
      {isWrong && (
        <p id="email-wrong" className="mt-1 font-medium text-bad text-sm">
          {notices('email')}
        </p>
      )}
      <p id="email-hint" className="mt-1 text-muted text-sm">
        {t('emailHint')} {t('goesOn')}
        <span className="mt-1 block">
          {t('limits', { min: formatPesos(limits.minCentavos), max: formatPesos(limits.maxCentavos) })}
        </span>
      </p>
    </div>
  );
}
