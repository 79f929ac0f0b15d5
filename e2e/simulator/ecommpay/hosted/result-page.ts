import { CODES } from '../codes.ts';
import { newest, type Payment } from '../payments/payment.ts';
import { document, html, NOTHING, pesos } from './html.ts';

type ResultOptions = { merchantName: string; walletUrl: string; ownUrl: string };

/** Whether there is nothing to tell yet. */
export const isWaiting = ({ status }: Payment): boolean =>
  status !== 'success' && status !== 'decline' && status !== 'awaiting customer';

const titleOf = ({ status }: Payment): string => {
  if (status === 'success') return 'Payment successful';
  if (status === 'decline' || status === 'awaiting customer') return 'Payment declined';
  return 'Waiting for the result';
};

/** What came of the payment, on the Payment Page. */
export function resultPage(payment: Payment, { merchantName, walletUrl, ownUrl }: ResultOptions): string {
  const { status, links } = payment;
  const waits = isWaiting(payment);
  const { code } =
    payment.operations.findLast((operation) => operation.code !== undefined) ?? newest(payment);
  const back = (status === 'success' ? links.success : links.decline) ?? links.back;
  return document(
    { title: titleOf(payment), place: 'Payment Page' },
    html`<p class="sum">${pesos(payment.sum.amount)}</p>
<p role="status">${
      waits
        ? 'The wallet has not told the result yet. This page looks again by itself.'
        : status === 'success'
          ? `${merchantName} was paid.`
          : `The payment was declined${code === undefined ? '' : `: ${CODES[code]} (code ${code})`}.`
    }</p>
${waits ? html`<p><a class="button" href="${ownUrl}">Look again</a></p>` : NOTHING}
${status === 'awaiting customer' ? html`<p><a class="button primary" href="${walletUrl}">Try again</a></p>` : NOTHING}
${status === 'awaiting redirect result' ? html`<p><a class="button" href="${walletUrl}">Continue to PayMaya</a></p>` : NOTHING}
${waits || !back ? NOTHING : html`<p><a class="button" href="${back}">Back to ${merchantName}</a></p>`}`,
  );
}
