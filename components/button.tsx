import type { ComponentProps } from 'react';

const LOOKS = {
  primary: 'bg-accent text-on-accent font-semibold',
  quiet: 'border border-line bg-surface text-ink',
} as const;

export function Button({
  look = 'primary',
  ...rest
}: ComponentProps<'button'> & { look?: keyof typeof LOOKS }) {
  return (
    <button
      {...rest}
      className={`min-h-11 rounded-xl px-4 py-2 disabled:opacity-60 ${LOOKS[look]} ${rest.className ?? ''}`}
    />
  );
}
