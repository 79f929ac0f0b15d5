import { z } from 'zod';
import { CURRENCY } from '../base/money.ts';
import { type EcommpaySettings, isWithin, PAGE_METHOD } from './api.ts';
import { checked, sendable, sendableEmail, sendableId, sendableUrl } from './request-values.ts';
import { sign } from './signature.ts';

/** A sale on the Payment Page. The address built from the same values is the same address. */
export type PageSale = {
  paymentId: string;
  amountCentavos: number;
  /** Stable for this customer, and nothing personal. */
  customerId: string;
  /** Shown prefilled for confirmation; absent, the form asks for it. */
  customerEmail: string | undefined;
  /** Where the page offers to go after success, after failure, and at any time. None of them proves anything. */
  returnUrl: string;
  callbackUrl: string;
  /** ISO 639-1. */
  language: string;
  /** The address shows "expired" after this; whole seconds count. */
  bestBeforeMs: number;
};

/**
 * The signed address of the Payment Page (contract 3). Handing it out **is** the send: whoever has it can pay. It holds
 * the customer's e-mail address, so it stands in no log.
 *
 * @throws RequestError naming what must not be sent, an amount outside the method's limits among it
 */
export function paymentPageAddress(settings: EcommpaySettings, sale: PageSale): string {
  const parameters = checked(parametersSchema(settings), {
    project_id: settings.projectId,
    payment_id: sale.paymentId,
    payment_amount: sale.amountCentavos,
    payment_currency: CURRENCY,
    customer_id: sale.customerId,
    ...(sale.customerEmail === undefined ? {} : { customer_email: sale.customerEmail }),
    force_payment_method: PAGE_METHOD,
    merchant_success_url: sale.returnUrl,
    merchant_fail_url: sale.returnUrl,
    merchant_return_url: sale.returnUrl,
    merchant_callback_url: sale.callbackUrl,
    language_code: sale.language,
    best_before: toSeconds(sale.bestBeforeMs),
  });
  const query = new URLSearchParams(
    Object.entries(parameters).map(([name, value]) => [name, String(value)] as [string, string]),
  );
  query.set('signature', sign(parameters, settings.secret));
  return `${settings.pageUrl}?${query}`;
}

const parametersSchema = ({ sale }: EcommpaySettings) =>
  z.object({
    project_id: z.int().positive(),
    payment_id: sendableId,
    payment_amount: z.int().refine((amount) => isWithin(sale, amount)),
    payment_currency: z.literal(CURRENCY),
    customer_id: sendableId,
    customer_email: sendableEmail.optional(),
    force_payment_method: z.literal(PAGE_METHOD),
    merchant_success_url: sendableUrl,
    merchant_fail_url: sendableUrl,
    merchant_return_url: sendableUrl,
    merchant_callback_url: sendableUrl,
    language_code: z.string().regex(/^[a-z]{2}$/),
    best_before: sendable(25),
  });

/** `2030-01-31T10:00:00+00:00` (contract 3.2). */
function toSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}+00:00`;
}
