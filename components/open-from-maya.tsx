import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Card } from './card.tsx';
import { Heading } from './heading.tsx';

/** Why the customer stands here, by a key from this list; anything else shows the plain text. */
const REASONS = {
  used: 'used',
  expired: 'expired',
  unknown: 'unknown',
  'session-over': 'sessionOver',
  cookies: 'cookies',
} as const;

const isKnown = (reason: string | undefined): reason is keyof typeof REASONS =>
  reason !== undefined && Object.hasOwn(REASONS, reason);

type Props = { reason: string | undefined; support: string; children?: ReactNode };

export function OpenFromMaya({ reason, support, children }: Props) {
  const t = useTranslations();
  return (
    <div className="mx-auto max-w-xl py-6 text-center">
      <svg viewBox="0 0 96 96" className="mx-auto mb-5 size-24" aria-hidden="true">
        <rect
          x="26"
          y="8"
          width="44"
          height="80"
          rx="10"
          className="fill-surface stroke-line"
          strokeWidth="3"
        />
        <rect x="36" y="34" width="24" height="24" rx="7" className="fill-accent" />
        <path d="M48 39l2 5 5 2-5 2-2 5-2-5-5-2 5-2z" className="fill-on-accent" />
        <circle cx="48" cy="80" r="3" className="fill-line" />
      </svg>
      <Heading>{t('headings.open')}</Heading>
      <Card>
        {isKnown(reason) && <p className="mb-2 font-medium">{t(`open.${REASONS[reason]}`)}</p>}
        <p>{t('open.how')}</p>
        {children}
      </Card>
      <p className="mt-4 text-muted text-sm">{t('site.questions', { support })}</p>
    </div>
  );
}
