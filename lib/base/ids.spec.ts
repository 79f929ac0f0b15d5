import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isKey, sha256Hex, systemIds } from './ids.ts';

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const thousand = <T>(make: () => T) => Array.from({ length: 1_000 }, make);

test('keys are UUIDv7 that carry their time, so that they lie in the order of their creation', () => {
  const before = Date.now();
  const keys = thousand(systemIds.key);
  expect(new Set(keys).size).toBe(keys.length);
  for (const key of keys) {
    expect(key).toMatch(UUID_V7);
    expect(isKey(key)).toBe(true);
    const ms = Number.parseInt(key.replaceAll('-', '').slice(0, 12), 16);
    expect(ms).toBeGreaterThanOrEqual(before);
    expect(ms).toBeLessThanOrEqual(Date.now());
  }
});

test('Request-Reference-No is a fresh UUIDv4 each time', () => {
  const references = thousand(systemIds.reference);
  expect(new Set(references).size).toBe(references.length);
  for (const reference of references) expect(reference).toMatch(UUID_V4);
});

test('A6: a sessionId is 256 random bits in hex', () => {
  const secrets = thousand(systemIds.secret);
  expect(new Set(secrets).size).toBe(secrets.length);
  for (const secret of secrets) expect(secret).toMatch(/^[0-9a-f]{64}$/);
});

test('A6: every bit of a sessionId is sometimes set and sometimes not', () => {
  const secrets = thousand(() => BigInt(`0x${systemIds.secret()}`));
  const all = (1n << 256n) - 1n;
  expect(secrets.reduce((seen, secret) => seen | secret)).toBe(all);
  expect(secrets.reduce((seen, secret) => seen & secret)).toBe(0n);
});

test('jitter lies between 0 and 1', () => {
  for (const number of thousand(systemIds.random)) {
    expect(number).toBeGreaterThanOrEqual(0);
    expect(number).toBeLessThan(1);
  }
});

test.each([
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ['₱', 'b6560731fb3d3dface150e7845676e980543b65f4a08a800749e82cd17e75f2a'],
])('the store keeps SHA-256 of %j', (text, hash) => expect(sha256Hex(text)).toBe(hash));

test.each([
  '',
  'not-a-key',
  '01890A5D-AC96-774B-BCCE-B302099A8057',
  '01890a5d-ac96-774b-bcce-b302099a805',
  '01890a5d-ac96-774b-bcce-b302099a8057 ',
  '01890a5d-ac96-774b-bcce-b302099a8057\n',
  '01890a5dac96774bbcceb302099a8057',
  "01890a5d-ac96-774b-bcce-b302099a8057' or 1=1",
  '../01890a5d-ac96-774b-bcce-b302099a8057',
])('%j never reaches the store as a key', (text) => expect(isKey(text)).toBe(false));

test('no other text is a key', () => {
  fc.assert(fc.property(fc.string(), (text) => isKey(text) === false));
});
