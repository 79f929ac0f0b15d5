import type { PageParameters } from '../checks/page-parameters.ts';
import { CODES, type Code } from '../codes.ts';
import { document, html, NOTHING, pesos } from './html.ts';

type FormOptions = { merchantName: string; action: string; mistake?: string; email?: string };

/** The Payment Page before the customer confirms: nothing is registered yet. */
export function paymentForm(
  { sum, description, email, paymentId }: PageParameters,
  { merchantName, action, mistake, email: typed }: FormOptions,
): string {
  return document(
    { title: `Pay ${merchantName}`, place: 'Payment Page' },
    html`<p class="sum">${pesos(sum.amount)}</p>
<dl>
<div><dt>Payment</dt><dd>${paymentId}</dd></div>
${description ? html`<div><dt>For</dt><dd>${description}</dd></div>` : NOTHING}
</dl>
<form method="post" action="${action}">
<fieldset>
<legend>Pay with</legend>
<label class="choice"><input type="radio" name="method" value="paymaya-wallet" checked> PayMaya wallet</label>
</fieldset>
<label for="email">E-mail for the receipt</label>
<input id="email" name="email" type="email" autocomplete="email" required value="${typed ?? email}"${
      mistake ? html` aria-invalid="true" aria-describedby="mistake"` : NOTHING
    }>
${mistake ? html`<p class="mistake" id="mistake" role="alert">${mistake}</p>` : NOTHING}
<button type="submit" class="primary">Continue to PayMaya</button>
</form>`,
  );
}

export const expiredPage = (back: string | undefined): string =>
  document(
    { title: 'This page has expired', place: 'Payment Page' },
    html`<p>The time to pay here is over. Nothing was charged.</p>
${back ? html`<p><a class="button" href="${back}">Back to the shop</a></p>` : NOTHING}`,
  );

/** For the merchant's developer; a customer should never see it. */
export const refusedPage = (code: Code, detail = ''): string =>
  document(
    { title: 'This payment can’t be made', place: 'Payment Page' },
    html`<p class="mistake" role="alert">${CODES[code]} (code ${code}).</p>
${detail ? html`<p>${detail}.</p>` : NOTHING}`,
  );
