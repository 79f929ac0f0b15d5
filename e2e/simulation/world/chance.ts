/** Seeded chance. Everything random in a simulated world comes from a seed, so that a seed is the whole story. */
export type Chance = {
  /** 0 up to, not including, 1. */
  next(): number;
  /** A whole number from 0 up to, not including, `below`. */
  int(below: number): number;
  /** Whole, from `low` to `high`, both included. */
  between(low: number, high: number): number;
  maybe(probability: number): boolean;
  pick<T>(list: readonly [T, ...T[]] | readonly T[]): T;
};

/** Mixes numbers into one of 32 bits; near inputs lead to far results. */
export function mix(...parts: readonly number[]): number {
  let state = 0x9e3779b9;
  for (const part of parts) {
    state = Math.imul(state ^ (part | 0), 0x85ebca6b);
    state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
    state ^= state >>> 16;
  }
  return state >>> 0;
}

/** mulberry32, started from {@link mix}. */
export function makeChance(...seed: readonly number[]): Chance {
  let state = mix(...seed);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const int = (below: number) => Math.floor(next() * below);
  return {
    next,
    int,
    between: (low, high) => low + int(high - low + 1),
    maybe: (probability) => next() < probability,
    pick: (list) => {
      const picked = list[int(list.length)];
      if (picked === undefined && list.length === 0) throw new Error('nothing to pick from');
      return picked as (typeof list)[number];
    },
  };
}

const HEX = '0123456789abcdef';

/** Hexadecimal digits from chance. */
export function hexDigits(chance: Chance, count: number): string {
  let text = '';
  for (let left = count; left > 0; left -= 8) {
    const word = Math.floor(chance.next() * 4_294_967_296);
    for (let digit = 0; digit < Math.min(8, left); digit += 1) text += HEX[(word >>> (digit * 4)) & 15];
  }
  return text;
}
