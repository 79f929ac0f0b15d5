import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import { getLocale, getTranslations } from 'next-intl/server';
import type { ReactNode } from 'react';
import { FreshPage } from '#components/fresh-page.tsx';
import { SiteFooter } from '#components/site-footer.tsx';
import { SiteHeader } from '#components/site-header.tsx';
import { chooseLanguage } from '#lib/actions/language.ts';
import { pageContext, shopperOf } from '#lib/runtime/request.ts';
import { processSettings } from '#lib/runtime/runtime.ts';
import { countInCart } from '#lib/shop/cart.ts';
import './globals.css';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('site');
  const isOutside = shopperOf(await pageContext())?.inMaya === false;
  return {
    title: t(isOutside ? 'titleOutside' : 'title', { merchant: processSettings().MERCHANT_NAME }),
    robots: { index: false, follow: false },
    // A phone turns what looks like a number into a link that leads out of the webview.
    formatDetection: { telephone: false, email: false, address: false, date: false },
  };
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#ffffff' },
    { media: '(prefers-color-scheme: dark)', color: '#221e1b' },
  ],
};

export default async function Layout({ children }: { children: ReactNode }) {
  // Every page is made for its request: its policy carries a nonce.
  await headers();
  const context = await pageContext();
  const { deps } = context;
  const shopper = shopperOf(context);
  const { MERCHANT_NAME: merchant, MERCHANT_SUPPORT: support } = deps.settings;
  const cartCount = shopper ? await countInCart(deps.store.db, shopper.owner.row) : 0;
  return (
    <html lang={await getLocale()}>
      <body className="flex min-h-dvh flex-col font-sans antialiased">
        <SiteHeader merchant={merchant} cartCount={cartCount} />
        <main className="mx-auto w-full max-w-3xl grow px-4 pt-5 pb-12">{children}</main>
        <SiteFooter merchant={merchant} support={support} chooseLanguage={chooseLanguage} />
        <FreshPage />
      </body>
    </html>
  );
}
