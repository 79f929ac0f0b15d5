import type { Links, Sum } from '../payments/payment.ts';
import type { Settings } from '../settings.ts';
import type { JsonObject } from '../signature/json-tree.ts';
import { type Inspection, inspect, type Problem } from './inspection.ts';
import {
  ACCOUNT_NUMBER,
  CALLBACK_URL,
  CUSTOMER_ID,
  checkCallbackOptions,
  checkSum,
  DESCRIPTION,
  EMAIL,
  IP_ADDRESS,
  limitsOf,
  PAYMENT_ID,
  RETURN_URL,
} from './rules.ts';

/** Bodies of Gate: `general` as in every request, and what sale and payout ask for. */

export type Known = { projectId: number };

function checkGeneral({ only, text, whole, wrong }: Inspection, { projectId }: Known) {
  only('general', ['project_id', 'payment_id', 'signature', 'merchant_callback_url']);
  only('interface_type', ['id']);
  const given = whole('general.project_id', { kind: 'project-id', code: 2442 });
  if (!Number.isNaN(given) && given !== projectId) {
    wrong('project-id', 2442, 'general.project_id is not the one of this merchant');
  }
  return {
    paymentId: text('general.payment_id', PAYMENT_ID),
    callbackUrl: text('general.merchant_callback_url', CALLBACK_URL),
  };
}

export type GateBody = {
  paymentId: string;
  callbackUrl: string;
  callbackDelayMs: number;
  customerId: string;
  email: string;
  sum: Sum;
  description: string;
  links: Links;
  account?: { number: string; customerName: string } | undefined;
  problems: Problem[];
};

const CUSTOMER_FIELDS = ['id', 'email', 'ip_address', 'first_name', 'last_name', 'phone'];

function checkCommon(inspection: Inspection, known: Known, type: 'sale' | 'payout', settings: Settings) {
  const { only, text, whole } = inspection;
  const general = checkGeneral(inspection, known);
  only('payment', ['amount', 'currency', 'description']);
  only('customer', CUSTOMER_FIELDS);
  const sum = {
    amount: whole('payment.amount'),
    currency: text('payment.currency', { kind: 'currency', code: 3121 }),
  };
  checkSum(inspection, 'payment.amount', sum, limitsOf(settings, type));
  return {
    ...general,
    sum,
    description: text('payment.description', DESCRIPTION),
    customerId: text('customer.id', CUSTOMER_ID),
    callbackDelayMs: checkCallbackOptions(inspection),
  };
}

export function checkSale(tree: JsonObject, known: Known, settings: Settings): GateBody {
  const inspection = inspect(tree);
  const { only, text, problems } = inspection;
  only('', ['general', 'payment', 'customer', 'return_url', 'callback', 'interface_type']);
  const common = checkCommon(inspection, known, 'sale', settings);
  text('customer.ip_address', IP_ADDRESS);
  only('return_url', ['success', 'decline']);
  return {
    ...common,
    email: text('customer.email', EMAIL),
    links: {
      success: text('return_url.success', RETURN_URL),
      decline: text('return_url.decline', { ...RETURN_URL, optional: true }) || undefined,
    },
    problems,
  };
}

export function checkPayout(tree: JsonObject, known: Known, settings: Settings): GateBody {
  const inspection = inspect(tree);
  const { only, text, problems } = inspection;
  only('', ['general', 'payment', 'customer', 'account', 'callback', 'interface_type']);
  const common = checkCommon(inspection, known, 'payout', settings);
  text('customer.ip_address', IP_ADDRESS);
  only('account', ['number', 'customer_name']);
  return {
    ...common,
    email: text('customer.email', { ...EMAIL, optional: true }),
    links: {},
    account: {
      number: text('account.number', ACCOUNT_NUMBER),
      customerName: text('account.customer_name'),
    },
    problems,
  };
}

export function checkStatus(tree: JsonObject, known: Known): { paymentId: string; problems: Problem[] } {
  const inspection = inspect(tree);
  inspection.only('', ['general', 'interface_type']);
  const { paymentId } = checkGeneral(inspection, known);
  return { paymentId, problems: inspection.problems };
}
