import { formatManila } from '../base/dates.ts';
import { formatPesos } from '../base/money.ts';
import type { openPayoutDossier } from '../ops/payout-dossier.ts';
import type { BatchSummary, PayoutLine } from '../ops/payout-list.ts';
import type { Imported } from '../payouts/import-payouts.ts';
import type { BatchSent } from '../payouts/send-batch.ts';
import type { NotSent, Sent } from '../payouts/send-payout.ts';
import type { StaffRefusal, TooEarly } from '../payouts/staff.ts';

/** What `npm run payouts` says. */

export const USAGE = `Payouts to Maya wallets over ECommPay.

  npm run payouts -- import <file> [--check | --send-good-rows]
      reads a CSV (payment_id, amount, customer_id, account_number, customer_name; currency and ip_address if you like)
      and records it as a batch if every row is good; "-" reads standard input. --check records nothing;
      --send-good-rows lets the good rows become a batch although others are bad
  npm run payouts -- send [<batch> | <payment_id>]
      sends what is ready; without a name, the only batch that has something to send. Can be broken off and called again.
      By its payment_id also one that was refused as a duplicate, or is in review because ECommPay does not know it:
      always under the same id
  npm run payouts -- list [--batch <batch>] [--state <state>] [--limit 200]
      batches; or the payouts of one, or in one state: ready, held, unknown, processing, paid, declined, failed, review
  npm run payouts -- show <payment_id>
      all that is known of one, its recipient masked
  npm run payouts -- ask-again <payment_id>
      the running server asks ECommPay once more
  npm run payouts -- decide <payment_id> paid|not-paid --evidence <text> [--seen <version>]
      your decision, after looking it up in ECommPay's Dashboard; it is never sent after that. "not-paid" of one that was
      sent is taken only when ECommPay cannot pay it any more: two hours after the limit time (48 h, or as it is set)
  npm run payouts -- payers import <file>
      customers who paid before by a method that this project does not see (customer_id, method)
  npm run payouts -- export-dashboard <file> [--batch <batch>] [--columns <…>] [--separator ;] [--again]
      what is ready, as a file for ECommPay's Dashboard; machines never send it after that
  npm run payouts -- balance
      what payouts draw on

Your name goes on record: --as "Ana Reyes", else the name of your account on this machine. --json for machines.`;

export const REFUSALS: Record<Exclude<StaffRefusal, TooEarly>, string> = {
  not_found: 'There is no such payout.',
  busy: 'Somebody is asking about it right now. Try again in a minute.',
  on_the_wire: 'A request of it may be on the wire. Try again in a minute.',
  changed: 'Something new is known of this payout. Look again with "show", then decide.',
  never_sent: 'Nothing that pays ever went out, so it cannot be paid. To withdraw it, decide "not-paid".',
};

export const refusalText = (refusal: StaffRefusal): string =>
  typeof refusal === 'string'
    ? REFUSALS[refusal]
    : `ECommPay may still pay it. "not-paid" can be decided from ${formatManila(refusal.fromMs)} (Manila time): before that, paying
the person under another id can pay twice. If the Dashboard shows it as declined, "ask-again" brings that here.`;

export const NOT_SENT: Record<NotSent, string> = {
  not_ready: 'sent before, exported, decided, or being sent by somebody else',
  batch_stopped: 'the batch was stopped',
  no_pay_in: 'the customer has not paid before, as far as is known now',
  not_sendable: 'the amount or another value is outside of what may be sent now',
  unreadable: 'its recipient was sealed with a SESSION_PASSWORD that is not set any more',
  other_project: 'recorded for another ECOMMPAY_PROJECT_ID than the one that is set',
  off: 'ECommPay is off: ECOMMPAY_PROJECT_ID is not set',
};

const STOPPED: Record<string, string> = {
  balance:
    'ECommPay has too little balance for the next payout. Top it up, then send again: nothing is sent twice.',
  configuration:
    'ECommPay refuses our requests as wrong. The code is in "list"; mend the settings, then send again.',
  not_connected: 'ECommPay cannot be reached. Nothing left this machine; send again later.',
};

export const stoppedText = (reason: string): string => STOPPED[reason] ?? `The batch was stopped: ${reason}.`;

export function importedText(result: Imported, mode: string): string {
  const { rows, fresh, freshCentavos, skipped, problems, batchId } = result;
  const lines = [
    `${rows} rows: ${fresh} new (${formatPesos(freshCentavos)}), ${skipped} on record already, ${problems} problems.`,
  ];
  if (batchId !== null)
    lines.push(`Recorded as batch ${batchId}. Nothing is sent yet: npm run payouts -- send ${batchId}`);
  else if (mode === 'check') lines.push('Only checked; nothing was recorded.');
  else if (problems > 0)
    lines.push(
      'Nothing was recorded. Correct the file and import it again, or let the good rows pass with --send-good-rows.',
    );
  else lines.push('There is nothing new in it.');
  return lines.join('\n');
}

export function sentText({ states, notSent, stopped }: BatchSent): string {
  const lines = Object.entries(states).map(([state, count]) => `${String(count).padStart(7)}  ${state}`);
  for (const [why, count] of Object.entries(notSent))
    if (why !== 'batch_stopped')
      lines.push(`${String(count).padStart(7)}  not sent: ${NOT_SENT[why as NotSent]}`);
  if (lines.length === 0) lines.push('There was nothing to send.');
  if (stopped !== null) lines.push(`STOPPED. ${stoppedText(stopped)}`);
  return lines.join('\n');
}

export const sentOneText = (result: Sent): string =>
  result.kind === 'sent'
    ? `Sent. It is now: ${result.conclusion.state}${result.conclusion.reason ? ` (${result.conclusion.reason})` : ''}.`
    : `Not sent: ${NOT_SENT[result.why]}.`;

export const batchText = (batch: BatchSummary): string =>
  [
    `${batch.batchId}  ${batch.state}${batch.reason ? ` (${batch.reason})` : ''}  ${formatManila(batch.createdAtMs)}  ${batch.createdBy}`,
    ...batch.states.map(
      ({ state, count, centavos }) =>
        `  ${state.padEnd(10)} ${String(count).padStart(7)}  ${formatPesos(centavos).padStart(16)}`,
    ),
  ].join('\n');

export const lineText = (line: PayoutLine): string =>
  [
    line.payoutId,
    `line ${line.line}`,
    formatPesos(line.amountCentavos).padStart(12),
    `${line.state}${line.reason ? ` (${line.reason})` : ''}`,
    line.sentAtMs === null ? 'never sent' : `sent ${formatManila(line.sentAtMs)}`,
  ].join('  ');

type Dossier = NonNullable<Awaited<ReturnType<typeof openPayoutDossier>>>;

function recipientText(recipient: Dossier['recipient']): string {
  if (recipient === 'wiped') return 'wiped, PAYOUT_RECIPIENT_DAYS after its end';
  return recipient
    ? `${recipient.number}  ${recipient.name}`
    : 'cannot be read with the SESSION_PASSWORD that is set';
}

export function dossierText(dossier: Dossier): string {
  const { payout, recipient, events, ledger, alarms, audit, notPaidFromMs } = dossier;
  return [
    `Payout     ${payout.id}   version ${payout.version}`,
    `State      ${payout.state}${payout.reason ? ` (${payout.reason})` : ''}${payout.confirmed_by ? `, confirmed by ${payout.confirmed_by}` : ''}`,
    `Amount     ${formatPesos(payout.amount_centavos)}`,
    `Recipient  ${recipientText(recipient)}`,
    `Customer   ${payout.customer_id}`,
    `Batch      ${payout.batch_id}, line ${payout.line}`,
    ...(notPaidFromMs === null
      ? []
      : [`Not paid   can be decided from ${formatManila(notPaidFromMs)} (Manila)`]),
    `Booked     ${ledger.map(({ amount_centavos: centavos }) => formatPesos(centavos)).join(', ') || 'nothing'}`,
    '',
    'Look it up in the ECommPay Dashboard by its id. What is on record:',
    ...events.map(({ number, recordedAtMs, recordedBy, fact }) => {
      const { kind, ...data } = fact;
      return `  ${String(number).padStart(3)}  ${new Date(recordedAtMs).toISOString()}  ${kind}  ${JSON.stringify(data)}  (${recordedBy})`;
    }),
    ...(alarms.length > 0 ? ['', 'Alarms:'] : []),
    ...alarms.map(({ kind, since, times }) => `  ${kind} since ${formatManila(since)}, ${times} times`),
    ...(audit.length > 0 ? ['', 'What people did with it and its batch:'] : []),
    ...audit.map(
      ({ at, actor, action, evidence }) => `  ${formatManila(at)}  ${actor}: ${action} (${evidence})`,
    ),
  ].join('\n');
}
