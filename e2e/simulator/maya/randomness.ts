/** A number in [0, 1): `Math.random`, or a seeded source in a simulation. */
export type Random = () => number;

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const CHARACTERS_PER_DRAW = 4;

export function randomBase64url(random: Random, length: number): string {
  let text = '';
  while (text.length < length) {
    let bits = Math.floor(random() * 64 ** CHARACTERS_PER_DRAW);
    for (let drawn = 0; drawn < CHARACTERS_PER_DRAW; drawn++) {
      text += BASE64URL[bits & 63];
      bits >>= 6;
    }
  }
  return text.slice(0, length);
}

export function randomUuid(random: Random): string {
  const hex = (mask: number, set: number) => ((Math.floor(random() * 16) & mask) | set).toString(16);
  return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (place) =>
    place === 'x' ? hex(0xf, 0) : hex(0x3, 0x8),
  );
}
