import type { ReactNode } from 'react';

export function Card({ children, tone = 'plain' }: { children: ReactNode; tone?: 'plain' | 'warn' | 'bad' }) {
  const edge = { plain: 'border-line', warn: 'border-accent', bad: 'border-bad' }[tone];
  return <section className={`mt-4 rounded-2xl border bg-surface p-4 ${edge}`}>{children}</section>;
}
