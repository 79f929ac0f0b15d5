import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { FreshPage } from '#components/fresh-page.tsx';
import { SiteHeader } from '#components/site-header.tsx';
import { processSettings } from '#lib/runtime/runtime.ts';
import './globals.css';

export const metadata: Metadata = { title: 'Pay with Maya', robots: { index: false, follow: false } };

export const viewport: Viewport = { width: 'device-width', initialScale: 1 };

export default async function Layout({ children }: { children: ReactNode }) {
  // Every page is made for its request: its policy carries a nonce.
  await headers();
  return (
    <html lang="en">
      <body className="min-h-dvh font-sans antialiased">
        <SiteHeader merchant={processSettings().MERCHANT_NAME} />
        <main className="mx-auto w-full max-w-xl px-4 pt-5 pb-16">{children}</main>
        <FreshPage />
      </body>
    </html>
  );
}
