import { z } from 'zod';
import { CURRENCY } from '../base/money.ts';
import { type AcceptOutcome, readAccepted } from './accepted.ts';
import { type EcommpayApi, type EcommpaySettings, GATE_METHOD, isWithin } from './api.ts';
import { callGate } from './gate-call.ts';
import { checked, sendableEmail, sendableId, sendableUrl } from './request-values.ts';

/** A sale without ECommPay's page in between. A repeat of it sends the same body. */
export type GateSale = {
  paymentId: string;
  amountCentavos: number;
  /** Stable for this customer, and nothing personal. */
  customerId: string;
  customerEmail: string;
  /** The customer's own address, not a proxy's. */
  ipAddress: string;
  /** Where the wallet sends the customer back to, whatever came of it. */
  returnUrl: string;
  callbackUrl: string;
};

/**
 * What is sent, but for project and signature.
 *
 * @throws RequestError naming what must not be sent, an amount outside the method's limits among it
 */
export const gateSaleParameters = (settings: EcommpaySettings, sale: GateSale) =>
  checked(parametersSchema(settings), {
    general: { payment_id: sale.paymentId, merchant_callback_url: sale.callbackUrl },
    payment: { amount: sale.amountCentavos, currency: CURRENCY },
    customer: { id: sale.customerId, email: sale.customerEmail, ip_address: sale.ipAddress },
    return_url: { success: sale.returnUrl, decline: sale.returnUrl },
  });

/**
 * `POST /v2/payment/wallet/paymaya/sale` (contract 4). The caller has recorded the attempt before. Where to send the
 * customer comes by callback.
 *
 * @throws RequestError before anything is sent
 */
export function sendGateSale(api: EcommpayApi, sale: GateSale): Promise<AcceptOutcome> {
  const parameters = gateSaleParameters(api.settings, sale);
  return callGate(api, 'gate_sale', `/v2/payment/${GATE_METHOD}/sale`, parameters, (answer) =>
    readAccepted(answer, sale.paymentId),
  );
}

const parametersSchema = ({ sale }: EcommpaySettings) =>
  z.object({
    general: z.object({ payment_id: sendableId, merchant_callback_url: sendableUrl }),
    payment: z.object({
      amount: z.int().refine((amount) => isWithin(sale, amount)),
      currency: z.literal(CURRENCY),
    }),
    customer: z.object({
      id: sendableId,
      email: sendableEmail,
      ip_address: z.union([z.ipv4(), z.ipv6()]),
    }),
    return_url: z.object({ success: sendableUrl, decline: sendableUrl }),
  });
