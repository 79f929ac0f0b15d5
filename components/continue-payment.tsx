import { useLocale, useTranslations } from 'next-intl';
import { formatManilaTime } from '#lib/base/dates.ts';

type Props = { untilMs: number | null; nowMs: number; href: string | null };

/**
 * While ECommPay's page can still be used: back to the same payment, for whoever began it; others learn that somebody did.
 * After that, until when it could be.
 */
export function ContinuePayment({ untilMs, nowMs, href }: Props) {
  const t = useTranslations('outside');
  const locale = useLocale();
  const time = untilMs === null ? null : formatManilaTime(untilMs, locale);
  if (time !== null && untilMs !== null && nowMs >= untilMs)
    return <p className="mt-3 text-pretty text-center text-sm">{t('waitUntil', { time })}</p>;
  if (href === null)
    return time === null ? null : (
      <p className="mt-3 text-pretty text-center text-sm">{t('paidElsewhere', { time })}</p>
    );
  return (
    <div className="mt-4 text-center">
      {/* A page of another policy: loaded whole. */}
      <a
        href={href}
        className="flex min-h-12 items-center justify-center rounded-xl bg-accent px-4 font-semibold text-lg text-on-accent"
      >
        {t('continue')}
      </a>
      {time !== null && <p className="mt-2 text-muted text-sm">{t('continueUntil', { time })}</p>}
    </div>
  );
}
