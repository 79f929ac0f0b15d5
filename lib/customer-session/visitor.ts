import { isKey } from '../base/ids.ts';
import { isMac, type MacKeys, mac, makeMacKeys } from '../base/mac.ts';

/**
 * Somebody who shops in an ordinary browser, outside the Maya app. The cookie holds an opaque id and its signature, so
 * that nobody can take another visitor's orders by guessing; carts, orders and payments stand under that id as they
 * stand under a session's.
 */
export type Visitor = { row: string; customerId: null };

/** Browsers keep a cookie for 400 days at most. */
export const VISITOR_SECONDS = 400 * 24 * 60 * 60;

export const makeVisitorKeys = (password: string, previous?: string): MacKeys =>
  makeMacKeys('visitor', password, previous);

export const visitorCookieName = (secure: boolean) => (secure ? '__Host-visitor' : 'visitor');

/** Attributes of the cookie; `Lax`, for the customer comes back from ECommPay by a link. */
export const visitorCookieOptions = (secure: boolean) =>
  ({ httpOnly: true, sameSite: 'lax', secure, path: '/', maxAge: VISITOR_SECONDS }) as const;

/** @param id a key of ours, made for this visitor */
export const writeVisitor = (keys: MacKeys, id: string): string => `${id}.${mac(keys, id)}`;

/** The visitor that a cookie's value names; `null` for anything that we did not sign. */
export function readVisitor(keys: MacKeys, value: string | undefined): Visitor | null {
  const [id = '', signature = '', ...more] = (value ?? '').split('.');
  if (more.length > 0 || !isKey(id) || !isMac(keys, id, signature)) return null;
  return { row: id, customerId: null };
}
