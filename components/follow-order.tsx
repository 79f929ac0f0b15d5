'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';

const FIRST_MS = 700;
const MAX_MS = 4_000;
const ANSWER_WITHIN_MS = 10_000;

type Props = {
  order: string;
  /** The key of the private link by which the customer came. */
  orderKey?: string | undefined;
  state: string;
  updatedAt: number;
  /** Whether something other than the state is still to come, such as the pick-up code. */
  waitsForMore?: boolean;
  /** Said while there is no network. */
  stale: string;
  /** Said while there is a network, but no answer. */
  noAnswer: string;
};

/**
 * Follows an order's state on our own server and shows the page anew when it changes. Without a network, or an
 * answer, it keeps what is known, says so, and goes on asking. Without JavaScript the page reloads itself.
 */
export function FollowOrder({
  order,
  orderKey,
  state,
  updatedAt,
  waitsForMore = false,
  stale,
  noAnswer,
}: Props) {
  const router = useRouter();
  const [trouble, setTrouble] = useState<'offline' | 'no-answer' | null>(null);
  useEffect(() => {
    let pause = FIRST_MS;
    let stopped = false;
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      try {
        const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
        const response = await fetch(`/api/orders/${order}${orderKey ? `?key=${orderKey}` : ''}`, {
          cache: 'no-store',
          signal,
        });
        // An error of ours, or of what stands before us, is no answer either.
        if (!response.ok) throw new Error(`answered ${response.status}`);
        const now: { state?: string; updatedAt?: number } = await response.json();
        const changed = now.state !== undefined && (now.state !== state || now.updatedAt !== updatedAt);
        setTrouble(null);
        if (changed || waitsForMore) router.refresh();
      } catch {
        setTrouble(navigator.onLine ? 'no-answer' : 'offline');
      }
      pause = Math.min(pause * 1.3, MAX_MS);
      if (!stopped) timer = setTimeout(look, pause);
    };
    timer = setTimeout(look, pause);
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [order, orderKey, state, updatedAt, waitsForMore, router]);
  return (
    <>
      <noscript>
        <meta httpEquiv="refresh" content="3" />
      </noscript>
      <p
        role="status"
        className="rounded-2xl border border-line bg-surface px-4 py-3 text-center text-sm empty:hidden"
      >
        {trouble && { offline: stale, 'no-answer': noAnswer }[trouble]}
      </p>
    </>
  );
}
