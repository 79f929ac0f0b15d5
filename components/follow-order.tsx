'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

const FIRST_MS = 700;
const MAX_MS = 4_000;

type Props = {
  order: string;
  state: string;
  updatedAt: number;
  /** Whether something other than the state is still to come, such as the pick-up code. */
  waitsForMore?: boolean;
};

/**
 * Follows an order's state on our own server and shows the page anew when it changes. Without a network it keeps what
 * is known and goes on asking. Without JavaScript the page reloads itself.
 */
export function FollowOrder({ order, state, updatedAt, waitsForMore = false }: Props) {
  const router = useRouter();
  useEffect(() => {
    let pause = FIRST_MS;
    let stopped = false;
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      try {
        const response = await fetch(`/api/orders/${order}`, { cache: 'no-store' });
        const now: { state?: string; updatedAt?: number } = response.ok ? await response.json() : {};
        const changed = now.state !== undefined && (now.state !== state || now.updatedAt !== updatedAt);
        if (changed || waitsForMore) router.refresh();
      } catch {
        // No network: nothing is known, so nothing is said.
      }
      pause = Math.min(pause * 1.3, MAX_MS);
      if (!stopped) timer = setTimeout(look, pause);
    };
    timer = setTimeout(look, pause);
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [order, state, updatedAt, waitsForMore, router]);
  return (
    <noscript>
      <meta httpEquiv="refresh" content="3" />
    </noscript>
  );
}
