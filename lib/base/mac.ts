import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** Keys for one purpose. The first signs; each of them is taken. */
export type MacKeys = readonly Buffer[];

/**
 * @param purpose keeps what is signed for one purpose from being taken for another
 * @param previous only takes what it once signed
 */
export function makeMacKeys(purpose: string, password: string, previous?: string): MacKeys {
  const passwords = previous === undefined ? [password] : [password, previous];
  return passwords.map((text) => Buffer.from(hkdfSync('sha256', text, 'mac', purpose, 32)));
}

const macWith = (key: Buffer, text: string) =>
  createHmac('sha256', key).update(text, 'utf8').digest('base64url');

/** 43 characters that may stand in an address. */
export function mac(keys: MacKeys, text: string): string {
  const [current] = keys;
  if (!current) throw new Error('no key');
  return macWith(current, text);
}

/** Whether one of the keys made this for this text. Compares in constant time. */
export function isMac(keys: MacKeys, text: string, given: string): boolean {
  const found = Buffer.from(given, 'utf8');
  return keys.some((key) => {
    const wanted = Buffer.from(macWith(key, text), 'ascii');
    return found.length === wanted.length && timingSafeEqual(found, wanted);
  });
}
