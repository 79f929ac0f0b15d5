import type { PayoutState } from '../db/schema.ts';
import type { BatchSent } from '../payouts/send-batch.ts';
import type { NotSent, Sent } from '../payouts/send-payout.ts';

/** What `npm run payouts -- send` says. */

const NOT_SENT: Record<NotSent, string> = {
  not_ready: 'sent before, exported, decided, or being sent by somebody else right now',
  batch_stopped: 'the batch was stopped',
  no_pay_in: 'the customer has not paid before, as far as is known now',
  not_sendable: 'the amount or another value is outside of what may be sent now',
  unreadable: 'its recipient was sealed with a SESSION_PASSWORD that is not set any more',
  other_project: 'recorded for another ECOMMPAY_PROJECT_ID than the one that is set',
  off: 'ECommPay is off: ECOMMPAY_PROJECT_ID is not set',
};

const STOPPED: Record<string, string> = {
  balance:
    'ECommPay has too little balance for the next payout. Top it up, then send again: nothing is sent twice. What it has\ndeclined for that ("list --state declined") has ended, and needs new rows.',
  configuration:
    'ECommPay refuses our requests as wrong. The code is in "list --state held"; mend the settings, then send again.',
  not_connected: 'ECommPay cannot be reached. Nothing left this machine; send again later.',
  stood_still:
    'This machine, or its store, stood still before a payout went out. That one did not leave; send again, and nothing is sent twice.',
};

const stoppedText = (reason: string): string => STOPPED[reason] ?? `The batch was stopped: ${reason}.`;

/** What comes next of payouts in each state. */
const NEXT: Record<PayoutState, string> = {
  ready: 'not sent yet',
  held: 'refused for now; nothing was made of them',
  unknown: 'no answer yet; the running server finds out what became of them',
  processing: 'ECommPay has them; the result comes by callback',
  paid: 'done',
  declined: 'ended by ECommPay; to pay it after all, write a new row with a new id',
  failed: 'refused for good; to pay it after all, write a new row with a new id',
  review: 'a person has to look: "show"',
};

const MAX_NAMED = 20;

/** What staff does about a payout that waits for a person; `null` where it goes out with the next `send`. */
const todo = (state: PayoutState, reason: string | null): string | null => {
  if (reason === 'duplicate')
    return 'ECommPay saw the same customer and amount before (3613). Look there; then "send" it by its payment_id, or "decide" not-paid';
  if (reason === 'not_found' || reason === 'refused_on_repeat')
    return 'ECommPay does not know it. Look there; then "send" it by its payment_id: the same once more, under the same id';
  return state === 'review' ? 'Look it up in the Dashboard, then "decide"' : null;
};

function waitingText(waiting: BatchSent['waiting']): string[] {
  const lines = waiting.flatMap(({ payoutId, state, reason }) => {
    const what = todo(state, reason);
    return what === null ? [] : [`  ${payoutId}  ${state} (${reason}): ${what}.`];
  });
  const more = lines.length - MAX_NAMED;
  return [
    ...lines.slice(0, MAX_NAMED),
    ...(more > 0 ? [`  and ${more} more: "list --state held", "list --state review"`] : []),
  ];
}

export function sentText({ states, notSent, waiting, stopped }: BatchSent): string {
  const lines = Object.entries(states).map(
    ([state, count]) => `${String(count).padStart(7)}  ${state.padEnd(10)}  ${NEXT[state as PayoutState]}`,
  );
  for (const [why, count] of Object.entries(notSent))
    if (why !== 'batch_stopped')
      lines.push(`${String(count).padStart(7)}  not sent: ${NOT_SENT[why as NotSent]}`);
  if (lines.length === 0) lines.push('There was nothing to send.');
  lines.push(...waitingText(waiting));
  if (stopped !== null) lines.push(`STOPPED. ${stoppedText(stopped)}`);
  return lines.join('\n');
}

/** @param before how it stood before */
export function sentOneText(result: Sent, before: { state: PayoutState; reason: string | null }): string {
  const stands = ({ state, reason }: typeof before) => `${state}${reason ? ` (${reason})` : ''}`;
  if (result.kind === 'sent') {
    const { state, reason } = result.conclusion;
    const what = todo(state, reason) ?? NEXT[state];
    if (!result.left)
      return `Not sent: ECommPay cannot be reached, or this machine stood still. It is now: ${stands(result.conclusion)}. ${what}.`;
    return `Sent. It is now: ${stands(result.conclusion)}. ${what}.`;
  }
  if (result.why === 'not_ready') return `Not sent. It is ${stands(before)}: ${NOT_SENT.not_ready}.`;
  return `Not sent: ${NOT_SENT[result.why]}.`;
}
