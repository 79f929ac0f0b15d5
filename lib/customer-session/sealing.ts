import {
  createCipheriv,
  createHash,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { compactDecrypt } from 'jose';
import { AppError, hasCode } from '../base/errors.ts';

/**
 * The customer's tokens rest in the store as one JWE: `dir` with A256GCM, the key by HKDF from `SESSION_PASSWORD`.
 * Key id, row id and generation stand in the protected header, which GCM authenticates, and are checked on opening:
 * a seal that was moved to another row, or rolled back to an older generation, does not open.
 */
export type SealingKeys = { current: SealingKey; all: ReadonlyMap<string, SealingKey> };

type SealingKey = { id: string; key: KeyObject };

export type TokenPair = { accessToken: string; refreshToken: string };

/** Which row and which of its generations a seal belongs to. */
export type SealPlace = { sessionRow: string; generation: number };

const SEAL_CODES = ['seal.unknown_key', 'seal.misplaced', 'seal.broken'] as const;

/** The seal cannot be opened here: unknown key, other row or generation, or altered. */
export class SealError extends AppError {
  constructor(code: (typeof SEAL_CODES)[number], cause?: unknown) {
    super(code, { cause });
  }
}

export const isSealError = (error: unknown) => hasCode(error, ...SEAL_CODES);

function deriveKey(password: string): SealingKey {
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', password, 'customer-session', purpose, 32));
  return {
    id: createHash('sha256').update(derive('key-id')).digest('hex').slice(0, 12),
    key: createSecretKey(derive('sealed-tokens')),
  };
}

/** @param previous only opens what it once sealed */
export function makeSealingKeys(password: string, previous?: string): SealingKeys {
  const current = deriveKey(password);
  const keys = [current, ...(previous === undefined ? [] : [deriveKey(previous)])];
  return { current, all: new Map(keys.map((key) => [key.id, key])) };
}

const IV_BYTES = 12;

/**
 * The JWE compact serialization (RFC 7516 section 3.1, `dir`: its second part is empty), written here instead of by the
 * library: the Session URL waits for it, and the library's way takes ten times as long. The library opens it.
 */
export function sealTokens(keys: SealingKeys, tokens: TokenPair, place: SealPlace): string {
  const { id, key } = keys.current;
  const header = { alg: 'dir', enc: 'A256GCM', kid: id, row: place.sessionRow, gen: place.generation };
  const protectedHeader = Buffer.from(JSON.stringify(header)).toString('base64url');
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(protectedHeader, 'ascii'));
  const plaintext = JSON.stringify([tokens.accessToken, tokens.refreshToken]);
  const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
  const parts = [iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url'));
  return `${protectedHeader}..${parts.join('.')}`;
}

/**
 * @returns the tokens, and whether an older key sealed them (then seal them again)
 * @throws SealError
 */
export async function openTokens(
  keys: SealingKeys,
  sealed: string,
  place: SealPlace,
): Promise<TokenPair & { stale: boolean }> {
  let usedKey = '';
  try {
    const { plaintext, protectedHeader } = await compactDecrypt(
      sealed,
      (header) => {
        usedKey = String(header.kid);
        const known = keys.all.get(usedKey);
        if (!known) throw new SealError('seal.unknown_key');
        return known.key;
      },
      { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] },
    );
    if (protectedHeader.row !== place.sessionRow || protectedHeader.gen !== place.generation)
      throw new SealError('seal.misplaced');
    const [accessToken, refreshToken] = JSON.parse(new TextDecoder().decode(plaintext)) as [string, string];
    return { accessToken, refreshToken, stale: usedKey !== keys.current.id };
  } catch (error) {
    throw isSealError(error) ? error : new SealError('seal.broken', error);
  }
}
