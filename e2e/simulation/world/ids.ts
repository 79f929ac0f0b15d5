import type { Ids } from '#lib/base/ids.ts';
import { type Chance, hexDigits } from './chance.ts';

/** Identifiers from chance, in the shapes of the real ones. `now` orders the keys of rows as UUIDv7 does. */
export function makeIds(chance: Chance, now: () => number): Ids {
  let keys = 0;
  return {
    key: () => {
      keys += 1;
      const time = Math.trunc(now()).toString(16).padStart(12, '0');
      const count = (keys & 0xfff).toString(16).padStart(3, '0');
      return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-8${hexDigits(chance, 3)}-${hexDigits(chance, 12)}`;
    },
    reference: () =>
      `${hexDigits(chance, 8)}-${hexDigits(chance, 4)}-4${hexDigits(chance, 3)}-8${hexDigits(chance, 3)}-${hexDigits(chance, 12)}`,
    secret: () => hexDigits(chance, 64),
    random: () => chance.next(),
  };
}
