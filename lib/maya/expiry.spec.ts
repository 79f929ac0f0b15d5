import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ASSUMED_LIFETIME_MS, readExpiresAtMs } from './expiry.ts';

const NOW = Date.parse('2026-11-21T02:00:00Z');
const SECONDS = 1_767_225_600;
const ASSUMED = NOW + 5 * 60_000;
const read = (body: Record<string, unknown>) => readExpiresAtMs(body, NOW);

describe('A1, B10: when the customer token ends', () => {
  test.each<[string, Record<string, unknown>, number]>([
    ['seconds', { expiresAt: SECONDS }, SECONDS * 1_000],
    ['milliseconds', { expiresAt: SECONDS * 1_000 }, SECONDS * 1_000],
    ['seconds as text', { expiresAt: String(SECONDS) }, SECONDS * 1_000],
    ['milliseconds as text', { expiresAt: ` ${SECONDS * 1_000} ` }, SECONDS * 1_000],
    ['parts of a second', { expiresAt: SECONDS + 0.5 }, SECONDS * 1_000 + 500],
    ['parts of a second as text', { expiresAt: `${SECONDS}.5` }, SECONDS * 1_000 + 500],
    ['the other spelling', { expiryAt: SECONDS }, SECONDS * 1_000],
    ['both spellings: the first', { expiresAt: SECONDS, expiryAt: 5 }, SECONDS * 1_000],
    ['the second, where the first is unreadable', { expiresAt: 'soon', expiryAt: SECONDS }, SECONDS * 1_000],
    ['in the past', { expiresAt: 1_000_000_000 }, 1_000_000_000_000],
    ['the most that is seconds', { expiresAt: 1e11 }, 1e14],
    ['one more is milliseconds', { expiresAt: 1e11 + 1 }, 1e11 + 1],
    ['missing', {}, ASSUMED],
    ['null', { expiresAt: null }, ASSUMED],
    ['empty', { expiresAt: '' }, ASSUMED],
    ['a date', { expiresAt: '2026-11-21T02:00:00Z' }, ASSUMED],
    ['an exponent', { expiresAt: '1.7e9' }, ASSUMED],
    ['hexadecimal', { expiresAt: '0x6955b900' }, ASSUMED],
    ['negative', { expiresAt: -SECONDS }, ASSUMED],
    ['nought', { expiresAt: 0 }, ASSUMED],
    ['NaN', { expiresAt: Number.NaN }, ASSUMED],
    ['endless', { expiresAt: Number.POSITIVE_INFINITY }, ASSUMED],
    ['beyond all time', { expiresAt: 1e21 }, ASSUMED],
    ['a truth', { expiresAt: true }, ASSUMED],
    ['a list', { expiresAt: [SECONDS] }, ASSUMED],
  ])('%s', (_, body, expected) => expect(read(body)).toBe(expected));

  test('whatever it is, it is a whole number of milliseconds that a date can hold', () => {
    const body = fc.record({ expiresAt: fc.anything(), expiryAt: fc.anything() }, { requiredKeys: [] });
    fc.assert(
      fc.property(fc.oneof(body, fc.record({ expiresAt: fc.double() })), (value) => {
        const ms = read(value);
        expect(Number.isSafeInteger(ms)).toBe(true);
        expect(new Date(ms).getTime()).toBe(ms);
      }),
    );
  });
});

test('five minutes are assumed', () => expect(ASSUMED_LIFETIME_MS).toBe(300_000));
