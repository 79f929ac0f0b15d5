import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSigned, stringToSign, verify } from './signature.ts';
import { anyTree, isSigned, messageOf, SECRET, signed, VECTORS } from './spec-helpers.ts';

/** What a signature covers: the lines by their paths. Empty containers and unsigned members leave no trace. */
const covered = (body: Uint8Array) => {
  const tree = parseSigned(body);
  const { signature } = (tree ?? {}) as { signature?: unknown };
  return tree === undefined ? undefined : JSON.stringify([stringToSign(tree), signature]);
};

describe('E4: one bit of a signed message', () => {
  /** Flips every bit of a body, one at a time. */
  function sweep(body: string, secret: string) {
    const bytes = Buffer.from(body);
    const before = covered(bytes);
    const wrong: string[] = [];
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const mask = 1 << (bit & 7);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ mask;
      if (verify(bytes, secret) && covered(bytes) !== before) wrong.push(`bit ${bit}: ${bytes}`);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ mask;
    }
    return { flips: bytes.length * 8, wrong };
  }

  test('that changes what is signed, or the signature, is never accepted: every bit of a million', () => {
    let flips = 0;
    const one = (body: string, secret: string) => {
      expect(verify(body, secret)).toBe(true);
      const result = sweep(body, secret);
      flips += result.flips;
      expect(result.wrong).toEqual([]);
    };
    for (const vector of VECTORS)
      one(isSigned(vector) ? JSON.stringify(vector.params) : messageOf(vector), vector.secret);
    for (const tree of fc.sample(anyTree, { seed: 20261122, numRuns: 10_000 })) {
      if (flips >= 1_000_000) break;
      one(signed(tree), SECRET);
    }
    expect(flips).toBeGreaterThanOrEqual(1_000_000);
  }, 180_000);
});
