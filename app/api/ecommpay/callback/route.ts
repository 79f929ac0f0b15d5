import { receiveCallback } from '#lib/runtime/ecommpay-callback.ts';
import { methodNotAllowed } from '#lib/runtime/handlers.ts';

/** ECommPay tells what became of a payment; its signature says that it is ECommPay. */
export const POST = receiveCallback;

const notAllowed = () => methodNotAllowed('POST');

export {
  notAllowed as DELETE,
  notAllowed as GET,
  notAllowed as HEAD,
  notAllowed as OPTIONS,
  notAllowed as PATCH,
  notAllowed as PUT,
};
