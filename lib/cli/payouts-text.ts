import { formatManila } from '../base/dates.ts';
import { formatPesos } from '../base/money.ts';
import type { PayoutState } from '../db/schema.ts';
import { seenNumber } from '../ops/alarms.ts';
import type { openPayoutDossier } from '../ops/payout-dossier.ts';
import type { BatchSummary, PayoutLine } from '../ops/payout-list.ts';
import type { PayersImported } from '../payouts/import-payers.ts';
import type { Imported } from '../payouts/import-payouts.ts';
import type { StaffRefusal, TooEarly } from '../payouts/staff.ts';

/** What `npm run payouts` says. */

export const REFUSALS: Record<Exclude<StaffRefusal, TooEarly>, string> = {
  not_found: 'There is no such payout.',
  busy: 'Somebody is asking about it right now. Try again in a minute.',
  on_the_wire: 'A request of it may be on the wire. Try again in a minute.',
  changed: 'Something new is known of this payout. Look again with "show", then decide.',
  is_paid: 'ECommPay says that it is paid: there is nothing to decide.',
  is_not_paid: 'It has ended, and was not paid: there is nothing to decide.',
  never_sent: 'Nothing that pays ever went out, so it cannot be paid. To withdraw it, decide "not-paid".',
};

export const refusalText = (refusal: StaffRefusal): string =>
  typeof refusal === 'string'
    ? REFUSALS[refusal]
    : `ECommPay may still pay it. "not-paid" can be decided from ${formatManila(refusal.fromMs)} (Manila time): before that, paying
the person under another id can pay twice. If the Dashboard shows it as declined, "ask-again" brings that here.`;

/** Of a file in which some line is not CSV. */
const unreadableText = (line: number): string =>
  `Nothing was recorded, nor will be of its good rows alone: line ${line} cannot be read, so what follows may be lines inside a
cell, not rows. Mend it (close the quote, or write the cell on one line) and import the file again.`;

export function payersText({ rows, added, problems, unreadableLine }: PayersImported): string {
  const counted = `${rows} rows: ${added} new, ${problems} problems.`;
  return unreadableLine === null ? counted : `${counted}\n${unreadableText(unreadableLine)}`;
}

export function importedText(result: Imported, mode: string): string {
  const { rows, fresh, freshCentavos, skipped, problems, batchId, unreadableLine } = result;
  const bad = Math.max(0, rows - fresh - skipped);
  const lines = [
    `${rows} rows: ${fresh} good and new (${formatPesos(freshCentavos)}), ${skipped} on record already, ${bad} bad (problems: ${problems}).`,
  ];
  if (batchId !== null)
    lines.push(`Recorded as batch ${batchId}. Nothing is sent yet: npm run payouts -- send ${batchId}`);
  else if (unreadableLine !== null) lines.push(unreadableText(unreadableLine));
  else if (mode === 'check') lines.push('Only checked; nothing was recorded.');
  else if (problems > 0)
    lines.push(
      'Nothing was recorded. Correct the file and import it again, or let the good rows pass with --send-good-rows.',
    );
  else lines.push('There is nothing new in it.');
  return lines.join('\n');
}

/** Where a batch stands, by its own state and by what became of its payouts. */
function progressText({ state, reason, states }: BatchSummary): string {
  const some = (...wanted: PayoutState[]) => states.some((one) => wanted.includes(one.state));
  const isLeft = some('ready', 'held');
  if (!isLeft && !some('unknown', 'processing', 'review')) return 'ended';
  if (!isLeft) return 'all sent';
  return reason === null ? state : `${state} (${reason})`;
}

export const batchText = (batch: BatchSummary): string =>
  [
    `${batch.batchId}  ${progressText(batch)}  ${formatManila(batch.createdAtMs)}  ${batch.createdBy}`,
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
    line.sentAtMs !== null
      ? `sent ${formatManila(line.sentAtMs)}`
      : line.reason === 'exported'
        ? 'in a file for the Dashboard'
        : 'never sent',
    ...line.alarms.map((kind) => `ALARM ${kind}`),
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
    'Look it up in the ECommPay Dashboard by its id. What is on record (times in UTC):',
    ...events.map(({ number, recordedAtMs, recordedBy, fact }) => {
      const { kind, ...data } = fact;
      return `  ${String(number).padStart(3)}  ${new Date(recordedAtMs).toISOString()}  ${kind}  ${JSON.stringify(data)}  (${recordedBy})`;
    }),
    ...(alarms.length > 0 ? ['', `Alarms (acknowledge with --seen ${seenNumber(alarms)}):`] : []),
    ...alarms.map(
      ({ kind, since, times }) =>
        `  ${kind} since ${formatManila(since)}${times > 1 ? `, ${times} times` : ''}`,
    ),
    ...(audit.length > 0 ? ['', 'What people did with it and its batch:'] : []),
    ...audit.map(
      ({ at, actor, action, evidence }) =>
        `  ${formatManila(at)}  ${actor}: ${action}${evidence ? ` (${evidence})` : ''}`,
    ),
  ].join('\n');
}
