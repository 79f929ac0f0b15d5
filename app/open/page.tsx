import { getTranslations } from 'next-intl/server';
import { OpenFromMaya } from '#components/open-from-maya.tsx';
import { TextLink } from '#components/text-link.tsx';
import { pageContext } from '#lib/runtime/request.ts';

type Search = Promise<{ reason?: string }>;

/** How to come (back) in. A link that was used a moment ago may have been loaded twice: then the shop is tried once. */
export default async function OpenPage({ searchParams }: { searchParams: Search }) {
  const { reason } = await searchParams;
  const { deps, session } = await pageContext();
  const t = await getTranslations('open');
  return (
    <>
      <OpenFromMaya reason={reason} support={deps.settings.MERCHANT_SUPPORT}>
        {session?.live && <TextLink href="/">{t('back')}</TextLink>}
      </OpenFromMaya>
      {reason === 'used' && <meta httpEquiv="refresh" content="2;url=/?open=used" />}
    </>
  );
}
