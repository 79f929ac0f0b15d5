import type { Links, Sum } from '../payments/payment.ts';
import type { Settings } from '../settings.ts';
import type { JsonObject } from '../signature/json-tree.ts';
import { checkSignature } from './api-request.ts';
import { checkSemicolons, inspect, type Problem, type TextRule } from './inspection.ts';
import {
  CALLBACK_URL,
  CUSTOMER_ID,
  checkSum,
  DESCRIPTION,
  EMAIL,
  limitsOf,
  PAYMENT_ID,
  RETURN_URL,
} from './rules.ts';

/** The address of the Payment Page: parameters in the query, each a text, with their signature. */

const PARAMETERS = [
  'project_id',
  'payment_id',
  'payment_amount',
  'payment_currency',
  'payment_description',
  'customer_id',
  'customer_email',
  'customer_first_name',
  'customer_last_name',
  'customer_phone',
  'force_payment_method',
  'merchant_success_url',
  'merchant_fail_url',
  'merchant_return_url',
  'merchant_callback_url',
  'redirect_success_url',
  'redirect_fail_url',
  'redirect_return_url',
  'language_code',
  'region_code',
  'best_before',
  'signature',
];

const METHOD = 'paymaya-wallet';
const BEST_BEFORE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d(:?\d\d)?$/;

const digits: TextRule = { is: (text) => /^\d{1,15}$/.test(text), must: 'digits' };
const link: TextRule = { ...RETURN_URL, optional: true };
const maybe = (is: (text: string) => boolean, must: string): TextRule => ({ optional: true, is, must });

export type PageParameters = {
  tree: JsonObject;
  paymentId: string;
  customerId: string;
  email: string;
  sum: Sum;
  description: string;
  links: Links;
  callbackUrl: string;
  /** In milliseconds since 1970. */
  bestBefore: number;
  problems: Problem[];
};

export function readPageParameters(
  query: string,
  { projectId, secret }: { projectId: number; secret: string },
  settings: Settings,
): PageParameters {
  const pairs = [...new URLSearchParams(query)];
  const tree: JsonObject = new Map(pairs);
  const inspection = inspect(tree);
  const { only, text, wrong, problems } = inspection;
  if (tree.size < pairs.length) wrong('duplicate-key', 702, 'A parameter comes twice');

  if (text('project_id', { ...digits, kind: 'project-id', code: 2442 }) !== String(projectId)) {
    if (problems.length === 0) wrong('project-id', 2442, 'project_id is not the one of this merchant');
  }
  problems.push(...checkSignature(tree, secret), ...checkSemicolons(tree));
  only('', PARAMETERS);

  const amount = text('payment_amount', digits);
  const sum = {
    amount: amount === '' ? Number.NaN : Number(amount),
    currency: text('payment_currency', { kind: 'currency', code: 3121 }),
  };
  checkSum(inspection, 'payment_amount', sum, limitsOf(settings, 'sale'));
  text('force_payment_method', {
    optional: true,
    is: (method) => method === METHOD,
    must: METHOD,
    code: 2541,
  });
  text(
    'language_code',
    maybe((code) => /^[a-z]{2}$/i.test(code), 'two letters'),
  );
  text(
    'region_code',
    maybe((code) => /^[A-Z]{2}$/.test(code), 'two letters'),
  );
  text(
    'customer_phone',
    maybe((phone) => /^\d{4,24}$/.test(phone), '4 to 24 digits'),
  );
  const until = text(
    'best_before',
    maybe((date) => BEST_BEFORE.test(date) && !Number.isNaN(timeOf(date)), 'a date, a time and an offset'),
  );
  return {
    tree,
    paymentId: text('payment_id', PAYMENT_ID),
    customerId: text('customer_id', CUSTOMER_ID),
    email: text('customer_email', { ...EMAIL, optional: true }),
    sum,
    description: text('payment_description', DESCRIPTION),
    links: {
      success: text('redirect_success_url', link) || text('merchant_success_url', link) || undefined,
      decline: text('redirect_fail_url', link) || text('merchant_fail_url', link) || undefined,
      back: text('redirect_return_url', link) || text('merchant_return_url', link) || undefined,
      automatic: tree.has('redirect_success_url') || tree.has('redirect_fail_url'),
    },
    callbackUrl: text('merchant_callback_url', CALLBACK_URL),
    bestBefore: until === '' ? Number.POSITIVE_INFINITY : timeOf(until),
    problems,
  };
}

/** Offsets may come without a colon, or without minutes. */
const timeOf = (date: string): number =>
  Date.parse(date.replace(/([+-]\d\d):?(\d\d)?$/, (_, hours, minutes = '00') => `${hours}:${minutes}`));
