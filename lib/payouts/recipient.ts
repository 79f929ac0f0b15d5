import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { AppError } from '../base/errors.ts';
import { sha256Hex } from '../base/ids.ts';
import { isMac, type MacKeys, mac, makeMacKeys } from '../base/mac.ts';

/** Who is paid. Personal: sealed in the store, masked for people, in no log, error or address. */
export type Recipient = { accountNumber: string; customerName: string; ipAddress: string };

type SealingKey = { id: string; key: Buffer };
export type PayoutKeys = { sealing: readonly SealingKey[]; content: MacKeys };

/** Keys by HKDF from the password. @param previous only opens and recognises what it once made */
export function makePayoutKeys(password: string, previous?: string): PayoutKeys {
  const passwords = previous === undefined ? [password] : [password, previous];
  return {
    sealing: passwords.map((text) => {
      const key = Buffer.from(hkdfSync('sha256', text, 'payouts', 'sealed-recipient', 32));
      return { id: sha256Hex(`payout key ${key.toString('hex')}`).slice(0, 12), key };
    }),
    content: makeMacKeys('payout content', password, previous),
  };
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * One JWE (`dir`, A256GCM) like the customers' tokens. Key and payout stand in its header, which is authenticated: a
 * seal that was moved to another payout does not open.
 */
export function sealRecipient(keys: PayoutKeys, payoutId: string, recipient: Recipient): string {
  const [current] = keys.sealing;
  if (!current) throw new Error('no key');
  const header = Buffer.from(
    JSON.stringify({ alg: 'dir', enc: 'A256GCM', kid: current.id, payout: payoutId }),
  ).toString('base64url');
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', current.key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(header, 'ascii'));
  const { accountNumber, customerName, ipAddress } = recipient;
  const text = JSON.stringify([accountNumber, customerName, ipAddress]);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return `${header}..${[iv, sealed, cipher.getAuthTag()].map((part) => part.toString('base64url')).join('.')}`;
}

/** @throws AppError `payout.seal`: made with a password that is gone, of another payout, or altered */
export function openRecipient(keys: PayoutKeys, payoutId: string, sealed: string): Recipient {
  try {
    const [header = '', , iv = '', text = '', tag = ''] = sealed.split('.');
    const { kid, payout } = JSON.parse(Buffer.from(header, 'base64url').toString()) as Record<string, string>;
    const key = keys.sealing.find(({ id }) => id === kid)?.key;
    if (!key || payout !== payoutId) throw new AppError('payout.seal');
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(header, 'ascii'));
    decipher.setAuthTag(Buffer.from(tag, 'base64url'));
    const opened = Buffer.concat([decipher.update(Buffer.from(text, 'base64url')), decipher.final()]);
    const [accountNumber, customerName, ipAddress] = JSON.parse(opened.toString()) as [
      string,
      string,
      string,
    ];
    return { accountNumber, customerName, ipAddress };
  } catch {
    // Without its cause: what was opened by mistake is nobody's business.
    throw new AppError('payout.seal', {
      message: 'a recipient cannot be read: it was sealed with a SESSION_PASSWORD that is not set any more',
    });
  }
}

/** Whether the recipient was wiped, some time after the payout's end. */
export const isWiped = (sealed: string): boolean => sealed === '';

/**
 * What tells one row from another under the same id, also when the recipient is wiped. Keyed, so that nobody can try
 * numbers against it; the key is named, so that a password that is gone is not taken for another content.
 */
export const contentDigest = (keys: PayoutKeys, fields: readonly string[]): string =>
  `${keys.sealing[0]?.id}.${mac(keys.content, JSON.stringify(fields))}`;

/** `incomparable`: made with a password that is not set any more. */
export function compareContent(
  keys: PayoutKeys,
  fields: readonly string[],
  digest: string,
): 'same' | 'other' | 'incomparable' {
  const [key, made = ''] = digest.split('.');
  if (!keys.sealing.some(({ id }) => id === key)) return 'incomparable';
  return isMac(keys.content, JSON.stringify(fields), made) ? 'same' : 'other';
}

/** `09•••••••67` */
export const maskNumber = (number: string): string =>
  `${number.slice(0, 2)}${'•'.repeat(Math.max(0, number.length - 4))}${number.slice(-2)}`;

/** `J••• C•••` */
export const maskName = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => `${[...word][0] ?? ''}•••`)
    .join(' ');
