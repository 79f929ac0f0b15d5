import { createHmac, timingSafeEqual } from 'node:crypto';
import { isWhole, type Json, JsonNumber, type JsonObject, objectAt, textAt } from './json-tree.ts';
import { naturalOrder } from './natural-order.ts';

/**
 * ECommPay's signature (https://developers.ecommpay.com/en/en_platform_signature.html), as its PHP library computes it. Written
 * for the simulator alone, so that it meets the app's own implementation as a stranger.
 */

const IGNORED = new Set(['signature', 'frame_mode']);
const BYTES = 64;

/** The lines `path:value` in natural order of the path, joined by semicolons. */
export function stringToSign(tree: Json): string {
  const lines: [path: string, value: string][] = [];
  collect(tree, '', lines);
  return lines
    .sort(([a], [b]) => naturalOrder(a, b))
    .map(([path, value]) => `${path}:${value}`)
    .join(';');
}

function collect(value: Json, path: string, lines: [string, string][]): void {
  const at = (key: string) => (path === '' ? key : `${path}:${key}`);
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) collect(item, at(String(index)), lines);
  } else if (value instanceof Map) {
    for (const [key, member] of value) {
      if (!IGNORED.has(key)) collect(member, at(key.replaceAll(':', '::')), lines);
    }
  } else {
    lines.push([path, scalar(value)]);
  }
}

function scalar(value: string | boolean | null | JsonNumber): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (value instanceof JsonNumber) return isWhole(value) ? value.text : String(Number(value.text));
  return value;
}

export const sign = (tree: Json, secret: string): string =>
  createHmac('sha512', secret).update(stringToSign(tree), 'utf8').digest('base64');

/** Where a signature stands: at the top, else in `general`. */
export const signatureIn = (tree: JsonObject): string =>
  textAt(tree, 'signature') || textAt(objectAt(tree, 'general'), 'signature');

export function isSignedWith(tree: JsonObject, secret: string): boolean {
  const given = Buffer.from(signatureIn(tree), 'base64');
  return given.length === BYTES && timingSafeEqual(given, Buffer.from(sign(tree, secret), 'base64'));
}

/** `tree` with its signature, at the top or in `general`. */
export function signed(tree: JsonObject, secret: string, place: 'top' | 'general' = 'top'): JsonObject {
  const signature = sign(tree, secret);
  if (place === 'top') return new Map([...tree, ['signature', signature]]);
  const general: JsonObject = new Map([...(objectAt(tree, 'general') ?? []), ['signature', signature]]);
  return new Map([...tree, ['general', general]]);
}
