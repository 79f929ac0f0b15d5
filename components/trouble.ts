import type { useTranslations } from 'next-intl';
import type { TroubleTexts } from './once-form.tsx';

/** What forms say when sending meets trouble, in the page's language. */
export function troubleTexts(t: ReturnType<typeof useTranslations<never>>): TroubleTexts {
  return {
    slow: t('order.slow'),
    offline: t('trouble.offline'),
    lost: t('trouble.lost'),
    updated: t('trouble.updated'),
    check: t('trouble.check'),
  };
}
