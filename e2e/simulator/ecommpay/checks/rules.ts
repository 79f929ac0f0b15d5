import { z } from 'zod';
import type { Settings } from '../settings.ts';
import type { Inspection, TextRule } from './inspection.ts';

/** What the method's page demands of single fields, on both sides. */

const ID_LENGTH = 255;
const DESCRIPTION_LENGTH = 255;
const MAX_DELAY_SECONDS = 600;

const address = z.url({ protocol: /^https?$/ });
const ip = z.union([z.ipv4(), z.ipv6()]);
const email = z.email();

export const isAddress = (text: string): boolean => address.safeParse(text).success;
export const isEmail = (text: string): boolean => email.safeParse(text).success;

export const PAYMENT_ID: TextRule = {
  is: (text) => text.length <= ID_LENGTH && text.trim() === text,
  must: 'at most 255 characters without space around them',
  kind: 'payment-id',
  code: 3024,
  missing: 3024,
};
export const CUSTOMER_ID: TextRule = {
  is: (text) => text.length <= ID_LENGTH,
  must: 'at most 255 characters',
  kind: 'customer-id',
  code: 2124,
  missing: 2154,
};
export const EMAIL: TextRule = { is: isEmail, must: 'an e-mail address', kind: 'email', code: 2426 };
export const IP_ADDRESS: TextRule = {
  is: (text) => ip.safeParse(text).success,
  must: 'an IP address',
  kind: 'ip-address',
};
export const RETURN_URL: TextRule = { is: isAddress, must: 'an http or https address', kind: 'return-url' };
export const CALLBACK_URL: TextRule = {
  is: isAddress,
  must: 'an http or https address',
  kind: 'callback-url',
  optional: true,
};
export const DESCRIPTION: TextRule = {
  is: (text) => text.length <= DESCRIPTION_LENGTH,
  must: 'at most 255 characters',
  optional: true,
};
/** A Philippine mobile number, as it is dialled at home. */
export const ACCOUNT_NUMBER: TextRule = {
  is: (text) => /^09\d{9}$/.test(text),
  must: '09 and nine digits',
  kind: 'account-number',
  code: 20102,
};

export type Limits = { min: number; max: number };

export const limitsOf = (settings: Settings, type: 'sale' | 'payout'): Limits =>
  type === 'sale'
    ? { min: settings.saleMinCentavos, max: settings.saleMaxCentavos }
    : { min: settings.payoutMinCentavos, max: settings.payoutMaxCentavos };

export function checkSum(
  { wrong }: Inspection,
  path: string,
  { amount, currency }: { amount: number; currency: string },
  { min, max }: Limits,
): void {
  if (amount < min) wrong('amount-range', 3358, `${path} is below ${min}`);
  if (amount > max) wrong('amount-range', 2642, `${path} is above ${max}`);
  if (currency !== '' && currency !== 'PHP') {
    wrong('currency', /^[A-Z]{3}$/.test(currency) ? 3023 : 3121, 'The currency must be PHP');
  }
}

/** The object `callback` of a Gate request: the delay in milliseconds. */
export function checkCallbackOptions(inspection: Inspection): number {
  const { find, only, whole, wrong } = inspection;
  if (find('callback') === undefined) return 0;
  only('callback', ['delay', 'force_disable']);
  if (find('callback.force_disable') !== undefined) {
    wrong('callback-disabled', 502, 'callback.force_disable switches callbacks off');
  }
  const seconds = whole('callback.delay', { optional: true, kind: 'callback-delay' });
  if (seconds < 0 || seconds > MAX_DELAY_SECONDS) {
    wrong('callback-delay', 502, `callback.delay must be 0 to ${MAX_DELAY_SECONDS} seconds`);
  }
  return Number.isNaN(seconds) ? 0 : seconds * 1_000;
}
