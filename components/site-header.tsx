import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';

type Props = {
  merchant: string;
  /** How many things the cart holds; 0 also where there is no session. */
  cartCount: number;
};

export function SiteHeader({ merchant, cartCount }: Props) {
  const t = useTranslations('site');
  return (
    <header className="sticky top-0 z-10 border-line border-b bg-surface/95 backdrop-blur">
      <div className="mx-auto flex max-w-3xl flex-wrap items-center justify-between gap-x-3 px-4 py-1.5">
        <Link
          href="/"
          prefetch={false}
          aria-label={merchant}
          className="inline-flex min-h-11 min-w-11 grow basis-28 items-center gap-2 font-bold text-sm leading-tight tracking-tight sm:text-base"
        >
          <img src="/art/logo.svg" alt="" width={32} height={32} className="size-8 shrink-0" />
          <span className="max-[380px]:hidden">{merchant}</span>
        </Link>
        <nav aria-label={t('main')} className="-mr-2">
          <ul className="flex flex-wrap">
            <HeaderLink href="/">{t('shop')}</HeaderLink>
            <HeaderLink href="/cart" label={cartCount > 0 ? t('cartHolds', { count: cartCount }) : undefined}>
              {t('cart')}
              {cartCount > 0 && (
                <span className="ml-1 inline-flex min-w-5 justify-center rounded-full bg-accent px-1.5 text-on-accent text-xs leading-5 tabular-nums">
                  {cartCount}
                </span>
              )}
            </HeaderLink>
            <HeaderLink href="/orders">{t('orders')}</HeaderLink>
          </ul>
        </nav>
      </div>
    </header>
  );
}

function HeaderLink(props: { href: string; label?: string | undefined; children: ReactNode }) {
  return (
    <li>
      <Link
        href={props.href}
        prefetch={false}
        aria-label={props.label}
        className="inline-flex min-h-11 min-w-11 items-center justify-center px-2 text-[0.9375rem] text-muted hover:text-ink"
      >
        {props.children}
      </Link>
    </li>
  );
}
