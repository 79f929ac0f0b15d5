/**
 * Time as everything in `lib` sees it. The store's clock (`now_ms()` in SQL) decides leases and due times;
 * this one is for token expiry, time limits and pauses, and is what a simulation replaces.
 */
export type Clock = {
  /** Wall clock, milliseconds since 1970. May step; never used to measure a duration. */
  now(): number;
  /** Monotonic milliseconds from an arbitrary start, for durations. */
  monotonic(): number;
  /** Resolves after `ms`, or at once when `signal` aborts. Never rejects and never keeps the process alive. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const finish = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', finish);
        resolve();
      };
      const timer = setTimeout(finish, Math.max(0, ms));
      timer.unref?.();
      signal?.addEventListener('abort', finish, { once: true });
    }),
};
