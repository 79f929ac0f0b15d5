import fc from 'fast-check';
import { CompactEncrypt, FlattenedEncrypt } from 'jose';
import { describe, expect, test } from 'vitest';
import { makeSealingKeys, openTokens, SealError, type SealPlace, sealTokens } from './sealing.ts';

const PASSWORD = 'the present password of this shop, long enough';
const OLD_PASSWORD = 'the password of the year before, long enough';
const STRANGE_PASSWORD = 'a password this shop never had, long enough';

const TOKENS = {
  accessToken: 'eyJhbGciOiJkaXIifQ..a.b.c',
  refreshToken: 'eyJhbGciOiJSUzI1NiJ9.payload.sign',
};
const PLACE: SealPlace = { sessionRow: '0199a2b0-0000-7000-8000-000000000001', generation: 3 };

const keys = makeSealingKeys(PASSWORD);
const sealed = sealTokens(keys, TOKENS, PLACE);

/** What opening came to: the tokens, or the code of the refusal. Anything but a SealError fails the test. */
async function open(text: string, place = PLACE, with_ = keys): Promise<unknown> {
  try {
    return await openTokens(with_, text, place);
  } catch (error) {
    if (error instanceof SealError) return error.code;
    throw error;
  }
}

test('opens what it sealed, in the same row and generation', async () => {
  expect(await open(sealed)).toEqual({ ...TOKENS, stale: false });
});

test('no token can be read in a seal, and two seals of the same tokens differ', async () => {
  const decoded = sealed.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
  for (const token of Object.values(TOKENS)) expect([sealed, ...decoded].join(' ')).not.toContain(token);
  expect(sealTokens(keys, TOKENS, PLACE)).not.toBe(sealed);
});

describe('B13: rotation of the sealing key', () => {
  test('the previous password opens what it sealed, and says that it wants sealing again', async () => {
    const old = sealTokens(makeSealingKeys(OLD_PASSWORD), TOKENS, PLACE);
    const rotated = makeSealingKeys(PASSWORD, OLD_PASSWORD);
    expect(await open(old, PLACE, rotated)).toEqual({ ...TOKENS, stale: true });
  });

  test('the previous password seals nothing any more', async () => {
    const rotated = makeSealingKeys(PASSWORD, OLD_PASSWORD);
    const fresh = sealTokens(rotated, TOKENS, PLACE);
    expect(await open(fresh, PLACE, keys)).toEqual({ ...TOKENS, stale: false });
  });

  test('a key id that is not known refuses', async () => {
    const strange = sealTokens(makeSealingKeys(STRANGE_PASSWORD), TOKENS, PLACE);
    expect(await open(strange)).toBe('seal.unknown_key');
  });

  test('a key id says nothing of the password', async () => {
    const other = makeSealingKeys(OLD_PASSWORD);
    expect(keys.current.id).toMatch(/^[0-9a-f]{12}$/);
    expect(keys.current.id).not.toBe(other.current.id);
    expect(makeSealingKeys(PASSWORD).current.id).toBe(keys.current.id);
  });
});

describe('B14: a seal that was moved or altered', () => {
  test('any flipped bit of any part refuses', async () => {
    const parts = sealed.split('.').map((part) => Buffer.from(part, 'base64url'));
    const bits = parts.flatMap((part, index) =>
      Array.from({ length: part.length * 8 }, (_, bit) => ({ index, bit })),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...bits), async ({ index, bit }) => {
        const altered = parts.map((part) => Buffer.from(part));
        const byte = altered[index]?.[bit >> 3] ?? 0;
        altered[index]?.writeUInt8(byte ^ (1 << (bit & 7)), bit >> 3);
        const text = altered.map((part) => part.toString('base64url')).join('.');
        expect(await open(text)).toMatch(/^seal\.(broken|unknown_key)$/);
      }),
      { numRuns: 500 },
    );
  });

  test('another row or another generation refuses', async () => {
    const place = fc.record({ sessionRow: fc.uuid(), generation: fc.nat({ max: 1_000 }) });
    await fc.assert(
      fc.asyncProperty(place, fc.boolean(), fc.boolean(), async (other, sameRow, sameGeneration) => {
        const there = {
          sessionRow: sameRow ? PLACE.sessionRow : other.sessionRow,
          generation: sameGeneration ? PLACE.generation : other.generation,
        };
        fc.pre(there.sessionRow !== PLACE.sessionRow || there.generation !== PLACE.generation);
        expect(await open(sealed, there)).toBe('seal.misplaced');
      }),
    );
  });

  test('text that never was a seal refuses', async () => {
    const anything = fc.oneof(
      fc.string(),
      fc.array(fc.base64String(), { maxLength: 6 }).map((p) => p.join('.')),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (text) => {
        expect(await open(text)).toBe('seal.broken');
      }),
    );
  });
});

describe('a seal of another algorithm refuses', () => {
  const plaintext = new TextEncoder().encode(JSON.stringify([TOKENS.accessToken, TOKENS.refreshToken]));
  const header = { kid: keys.current.id, row: PLACE.sessionRow, gen: PLACE.generation };

  test.each([
    ['a key wrapped with AES', 'A256KW', 'A256GCM', 32],
    ['a key wrapped with AES-GCM', 'A256GCMKW', 'A256GCM', 32],
    ['a key from a password', 'PBES2-HS256+A128KW', 'A256GCM', 32],
    ['a shorter content key', 'dir', 'A128GCM', 16],
    ['another content encryption', 'dir', 'A256CBC-HS512', 64],
  ])('%s', async (_name, alg, enc, length) => {
    const text = await new CompactEncrypt(plaintext)
      .setProtectedHeader({ ...header, alg, enc })
      .encrypt(new Uint8Array(length).fill(7));
    expect(await open(text)).toBe('seal.broken');
  });

  test('a header that names no algorithm, or "none"', async () => {
    const [, ...rest] = sealed.split('.');
    for (const claim of [{}, { alg: 'none' }, { alg: 'none', enc: 'none' }]) {
      const first = Buffer.from(JSON.stringify({ ...header, ...claim })).toString('base64url');
      expect(await open([first, ...rest].join('.'))).toBe('seal.broken');
    }
  });

  test('row and generation count only where they are authenticated', async () => {
    const {
      protected: head,
      encrypted_key,
      iv,
      ciphertext,
      tag,
    } = await new FlattenedEncrypt(plaintext)
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: keys.current.id })
      .setSharedUnprotectedHeader({ row: PLACE.sessionRow, gen: PLACE.generation })
      .encrypt(keys.current.key);
    expect(await open([head, encrypted_key ?? '', iv, ciphertext, tag].join('.'))).toBe('seal.misplaced');
  });
});
