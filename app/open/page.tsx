import Link from 'next/link';
import { OpenFromMaya } from '#components/open-from-maya.tsx';
import { requestContext } from '#lib/runtime/request.ts';

type Search = Promise<{ reason?: string }>;

/** How to come (back) in. A link that was used a moment ago may have been loaded twice: then the shop is tried once. */
export default async function OpenPage({ searchParams }: { searchParams: Search }) {
  const { reason } = await searchParams;
  const { deps, session } = await requestContext();
  return (
    <>
      <OpenFromMaya reason={reason} support={deps.settings.MERCHANT_SUPPORT} />
      {session?.live && (
        <p className="mt-4">
          <Link href="/" className="inline-flex min-h-11 items-center underline">
            Back to the shop
          </Link>
        </p>
      )}
      {reason === 'used' && <meta httpEquiv="refresh" content="2;url=/?open=used" />}
    </>
  );
}
