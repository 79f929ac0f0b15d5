'use client';

import { useState } from 'react';

type Props = { value: string; label: string; text: string; done: string };

/** Copies an id. Not shown without JavaScript, where it could do nothing. */
export function CopyButton({ value, label, text, done }: Props) {
  const [copied, setCopied] = useState(false);
  return (
    <button
      type="button"
      aria-label={copied ? done : label}
      onClick={() =>
        navigator.clipboard.writeText(value).then(
          () => setCopied(true),
          () => setCopied(false),
        )
      }
      className="min-h-11 shrink-0 rounded-lg px-2 font-medium text-accent noscript:hidden"
    >
      <span role="status">{copied ? done : text}</span>
    </button>
  );
}
