import Link from 'next/link';

const LINKS = [
  ['/', 'Shop'],
  ['/cart', 'Cart'],
  ['/orders', 'Orders'],
] as const;

export function SiteHeader({ merchant }: { merchant: string }) {
  return (
    <header className="border-line border-b bg-surface">
      <div className="mx-auto flex max-w-xl flex-wrap items-center justify-between gap-x-4 px-4 py-2">
        <Link href="/" className="inline-flex min-h-11 items-center font-semibold" prefetch={false}>
          {merchant}
        </Link>
        <nav aria-label="Main" className="-mx-3">
          <ul className="flex gap-1">
            {LINKS.map(([href, label]) => (
              <li key={href}>
                <Link
                  href={href}
                  prefetch={false}
                  className="inline-flex min-h-11 items-center rounded-lg px-3 text-muted hover:text-ink"
                >
                  {label}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      </div>
    </header>
  );
}
