import Link from 'next/link';
import type { ReactNode } from 'react';

/** A link among text, large enough for a thumb. */
export function TextLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link
      href={href}
      prefetch={false}
      className="inline-flex min-h-11 items-center font-medium text-accent underline underline-offset-4"
    >
      {children}
    </Link>
  );
}
