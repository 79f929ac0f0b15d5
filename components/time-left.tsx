'use client';

import { useEffect, useState } from 'react';

const LOOK_EVERY_MS = 5_000;

type Props = {
  /** How long there was when the page was made, so that a phone's clock may be wrong. */
  leftMs: number;
  /** A sentence with `#` for the minutes. */
  sentence: string;
};

const minutesOf = (ms: number) => Math.max(0, Math.ceil(ms / 60_000));

/** How long an order can still be paid. At the end the page is loaded anew, which says that it expired. */
export function TimeLeft({ leftMs, sentence }: Props) {
  const [minutes, setMinutes] = useState(minutesOf(leftMs));
  useEffect(() => {
    const started = performance.now();
    const timer = setInterval(() => {
      const left = leftMs - (performance.now() - started);
      setMinutes(minutesOf(left));
      if (left > 0) return;
      clearInterval(timer);
      if (navigator.onLine) window.location.reload();
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [leftMs]);
  return (
    <p className="text-balance text-center text-muted text-sm tabular-nums">
      {sentence.replace('#', `${minutes}`)}
    </p>
  );
}
