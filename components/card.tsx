import type { ReactNode } from 'react';

export function Card({ children }: { children: ReactNode }) {
  return <section className="mt-4 rounded-2xl border border-line bg-surface p-4">{children}</section>;
}
