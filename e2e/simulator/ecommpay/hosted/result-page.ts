import { CODES } from '../codes.ts';
import { newest, type Payment } from '../payments/payment.ts';
import { document, html, NOTHING, pesos } from './html.ts';

const REFRESH_SECONDS = 2;

type ResultOptions = { merchantName: string; walletUrl: string };

const titleOf = ({ status }: Payment): string => {
  if (status === 'success') return 'Payment successful';
  if (status === 'decline' || status === 'awaiting customer') return 'Payment declined';
  return 'Waiting for the result';
};

/** What came of the payment, on the Payment Page. It looks again by itself while nothing is known. */
export function resultPage(payment: Payment, { merchantName, walletUrl }: ResultOptions): string {
  const { status, links } = payment;
  const isWaiting = status !== 'success' && status !== 'decline' && status !== 'awaiting customer';
  const { code } =
    payment.operations.findLast((operation) => operation.code !== undefined) ?? newest(payment);
  const back = (status === 'success' ? links.success : links.decline) ?? links.back;
  return document(
    {
      title: titleOf(payment),
      place: 'Payment Page',
      ...(isWaiting ? { refresh: REFRESH_SECONDS } : {}),
    },
    html`<p class="sum">${pesos(payment.sum.amount)}</p>
<p role="status">${
      isWaiting
        ? 'The wallet has not told the result yet. This page looks again by itself.'
        : status === 'success'
          ? `${merchantName} was paid.`
          : `Nothing was charged. ${code === undefined ? '' : `${CODES[code]} (code ${code}).`}`
    }</p>
${status === 'awaiting customer' ? html`<p><a class="button primary" href="${walletUrl}">Try again</a></p>` : NOTHING}
${status === 'awaiting redirect result' ? html`<p><a class="button" href="${walletUrl}">Continue to PayMaya</a></p>` : NOTHING}
${isWaiting || !back ? NOTHING : html`<p><a class="button" href="${back}">Back to ${merchantName}</a></p>`}`,
  );
}
