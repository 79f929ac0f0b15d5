import type { Payment } from '../payments/payment.ts';
import type { Wallet } from '../wallets.ts';
import { document, html, NOTHING, pesos } from './html.ts';

type WalletOptions = { merchantName: string; wallets: readonly Wallet[] };

/** Where the customer says yes or no, with one of the simulator's wallets. */
export function walletPage(payment: Payment, { merchantName, wallets }: WalletOptions): string {
  const choices = wallets.map(
    (
      { id, name, balanceCentavos },
      index,
    ) => html`<label class="choice"><input type="radio" name="wallet" value="${id}"${
      index === 0 ? html` checked` : NOTHING
    }> <span>${name}</span> <span class="balance">${pesos(balanceCentavos)}</span></label>
`,
  );
  return document(
    { title: 'Approve this payment?', place: 'PayMaya' },
    html`<p class="sum">${pesos(payment.sum.amount)}</p>
<dl>
<div><dt>To</dt><dd>${merchantName}</dd></div>
<div><dt>Payment</dt><dd>${payment.id}</dd></div>
</dl>
<form method="post" action="/payment/wallet">
<input type="hidden" name="t" value="${payment.token}">
<fieldset>
<legend>Pay from</legend>
${choices}</fieldset>
<button type="submit" class="primary" name="does" value="approve">Approve ${pesos(payment.sum.amount)}</button>
<button type="submit" name="does" value="cancel">Cancel</button>
</form>`,
  );
}

export const decidedPage = (back: string | undefined): string =>
  document(
    { title: 'Nothing to approve', place: 'PayMaya' },
    html`<p>This payment has had its answer already, or its time is over.</p>
${back ? html`<p><a class="button" href="${back}">Go on</a></p>` : NOTHING}`,
  );

export const unknownPage = (): string =>
  document(
    { title: 'Unknown payment', place: 'PayMaya' },
    html`<p>This address belongs to no payment. It may be from before the simulator was reset.</p>`,
  );
