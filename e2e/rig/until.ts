import { vi } from 'vitest';

/** Waits for something that happens by itself, a store's answer away; fails when it does not. */
export async function until<T>(
  look: () => T | Promise<T>,
  wanted: (value: T) => boolean = Boolean,
): Promise<T> {
  return vi.waitFor(
    async () => {
      const value = await look();
      if (!wanted(value)) throw new Error(`still ${JSON.stringify(value)}`);
      return value;
    },
    { timeout: 8_000, interval: 2 },
  );
}
