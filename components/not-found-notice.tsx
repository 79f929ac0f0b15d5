import { useTranslations } from 'next-intl';
import { Card } from './card.tsx';
import { Heading } from './heading.tsx';
import { TextLink } from './text-link.tsx';

/** For what does not exist and for what belongs to somebody else: the two look the same. */
export function NotFoundNotice() {
  const t = useTranslations();
  return (
    <>
      <Heading>{t('headings.notFound')}</Heading>
      <Card>
        <p>{t('notFound.text')}</p>
        <TextLink href="/">{t('notFound.shop')}</TextLink>
      </Card>
    </>
  );
}
