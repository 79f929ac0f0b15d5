import {
  createDecipheriv,
  createHmac,
  createSecretKey,
  KeyObject,
  timingSafeEqual,
  webcrypto,
} from 'node:crypto';

/**
 * WebCrypto works on a pool of threads, whose order of completion no seed decides. In a simulation the few operations
 * that our code uses (through `jose`, which stays) are done at once instead, by the same OpenSSL.
 *
 * @returns puts WebCrypto back
 */
export function doCryptoAtOnce(): () => void {
  const replacements = { importKey, decrypt, verify };
  for (const [name, value] of Object.entries(replacements))
    Object.defineProperty(webcrypto.subtle, name, { value, configurable: true });
  // What they hide stands on the prototype.
  return () => {
    for (const name of Object.keys(replacements)) Reflect.deleteProperty(webcrypto.subtle, name);
  };
}

const TAG_BYTES = 16;

type Algorithm = { name: string; hash?: string | { name: string } };

async function importKey(
  format: string,
  bytes: Uint8Array,
  algorithm: Algorithm,
  _extractable: boolean,
  usages: webcrypto.KeyUsage[],
): Promise<webcrypto.CryptoKey> {
  if (format !== 'raw' || !['AES-GCM', 'HMAC'].includes(algorithm.name))
    throw new Error(`The simulation does no ${algorithm.name} from ${format}`);
  return createSecretKey(bytes).toCryptoKey(algorithm as never, true, usages);
}

async function decrypt(
  { name, iv, additionalData }: { name: string; iv: Uint8Array; additionalData: Uint8Array },
  key: webcrypto.CryptoKey,
  data: Uint8Array,
): Promise<ArrayBuffer> {
  if (name !== 'AES-GCM') throw new Error(`The simulation decrypts no ${name}`);
  const decipher = createDecipheriv('aes-256-gcm', KeyObject.from(key), iv);
  decipher.setAAD(additionalData);
  decipher.setAuthTag(data.subarray(data.length - TAG_BYTES));
  const plain = Buffer.concat([decipher.update(data.subarray(0, data.length - TAG_BYTES)), decipher.final()]);
  return new Uint8Array(plain).buffer;
}

async function verify(
  _algorithm: unknown,
  key: webcrypto.CryptoKey,
  signature: Uint8Array,
  data: Uint8Array,
): Promise<boolean> {
  const expected = createHmac('sha256', KeyObject.from(key)).update(data).digest();
  return expected.length === signature.length && timingSafeEqual(expected, signature);
}
