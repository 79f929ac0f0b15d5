import { useTranslations } from 'next-intl';
import { Card } from './card.tsx';
import { CopyButton } from './copy-button.tsx';

type Props = {
  url: string;
  /** Inside Maya the link is for paying elsewhere; outside it is the receipt. */
  inMaya: boolean;
};

export function PrivateLink({ url, inMaya }: Props) {
  const t = useTranslations();
  const heading = t(inMaya ? 'outside.payElsewhere' : 'outside.link');
  return (
    <Card>
      <div className="flex items-center justify-between gap-x-3">
        <h2 className="min-w-0 font-semibold">{heading}</h2>
        <CopyButton
          value={url}
          label={t('order.copyNamed', { name: heading })}
          text={t('order.copy')}
          done={t('order.copied')}
        />
      </div>
      <p className="text-muted text-sm">{t(inMaya ? 'outside.payElsewhereHint' : 'outside.linkHint')}</p>
      <p className="wrap-anywhere mt-2 font-mono text-xs">{url}</p>
    </Card>
  );
}
