import type { ReactNode } from 'react';

/** The one heading of a page; it says where the customer stands. */
export function Heading({ children }: { children: ReactNode }) {
  return <h1 className="text-balance font-bold text-2xl tracking-tight">{children}</h1>;
}
