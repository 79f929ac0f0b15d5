import type { ComponentProps } from 'react';

const LOOKS = {
  primary: 'px-4 bg-accent text-on-accent font-semibold active:brightness-90',
  quiet: 'px-3 border border-line bg-surface text-ink font-medium active:bg-ground',
  plain: 'px-2 text-muted font-medium underline underline-offset-4',
} as const;

export function Button({
  look = 'primary',
  className = '',
  ...rest
}: ComponentProps<'button'> & { look?: keyof typeof LOOKS }) {
  return (
    <button
      {...rest}
      className={`min-h-11 rounded-xl py-2 disabled:opacity-60 ${LOOKS[look]} ${className}`}
    />
  );
}
