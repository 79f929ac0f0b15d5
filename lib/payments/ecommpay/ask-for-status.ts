import { hourlyPauseMs } from '../../base/pauses.ts';
import { raiseAlarm } from '../../db/alarms.ts';
import { nowMs } from '../../db/store.ts';
import { givenUp, openAmbiguities } from '../../ecommpay/ambiguous.ts';
import { askPaymentStatus } from '../../ecommpay/payment-status.ts';
import type { Locked } from '../append.ts';
import type { PaymentDeps } from '../deps.ts';
import type { Fact } from '../facts.ts';
import { loadEvents, type PaymentRow } from '../payment.ts';
import { recordHeld } from '../record-held.ts';
import { readingOf } from '../reduce.ts';
import type { Next } from '../repeat-execute.ts';
import { lookAgain, resendAtMs } from './look-again.ts';
import { recordNextAttempt } from './record-attempt.ts';
import { recordAnswered } from './record-said.ts';
import { findSale, gateSaleOf } from './sale-row.ts';
import { isHarmless, releaseAtMs, runsUntilMs, salesOf } from './sales.ts';
import { sendSale } from './send-sale.ts';

/**
 * What the ECommPay rail does with a leased payment: asks for its status, which moves nothing. A Gate sale whose request
 * was lost, and that ECommPay still does not know a while later, is sent again under the **same** `payment_id` with the
 * same body.
 */
export async function askForStatus(deps: PaymentDeps, payment: PaymentRow, holder: string): Promise<Next> {
  const rail = deps.ecommpay;
  const sale = await findSale(deps.store.db, payment.id);
  // Another project does not know it, and its "not found" must neither end it nor lead to a second sale.
  const isElsewhere = rail && sale && sale.project_id !== rail.api.settings.projectId;
  if (!rail || isElsewhere) {
    deps.log.warn('payment.rail_off', { payment: payment.id });
    const subject = rail ? 'project' : 'off';
    await raiseAlarm(deps, deps.store.db, { kind: 'ecommpay_configuration', subject });
    // Nobody can be asked; but it does not stay open for ever without a person.
    await recordHeld(deps, payment.id, holder, nothingToHear);
    return { nextInMs: hourlyPauseMs(deps.ids.random()) };
  }
  const events = await loadEvents(deps.store.db, payment.id);
  const { now: askedAtMs } = await deps.store.db.selectNoFrom(nowMs.as('now')).executeTakeFirstOrThrow();
  await deps.reach('status.asked');
  const outcome = await askPaymentStatus(rail.api, payment.id);
  await deps.reach('status.answered');

  if (outcome.kind === 'refused')
    await raiseAlarm(deps, deps.store.db, { kind: 'ecommpay_configuration', subject: 'status' });
  const found: Fact[] = [];
  if (outcome.kind === 'found') {
    const answers = openAmbiguities(events).map(({ digest }) => digest);
    await recordAnswered(deps, outcome.report, answers);
  }
  if (outcome.kind === 'not_found')
    found.push({
      kind: 'status_not_found',
      afterAttempt: readingOf(events).lastAttempt(events),
      late: askedAtMs >= releaseAtMs(events),
    });
  const conclusion = await recordHeld(deps, payment.id, holder, (locked) => [
    ...found,
    ...neverLeft(locked),
    ...nothingToHear(locked),
  ]);
  await deps.reach('status.saved');

  const resendAt = resendAtMs(rail, events);
  const isLost = outcome.kind === 'not_found' && resendAt !== null && askedAtMs >= resendAt;
  if (!isLost || conclusion?.asking !== 'yes') return lookAgain(deps, payment.id, conclusion);
  return sendAgain(deps, payment.id, holder);
}

/**
 * ECommPay has surely declined by itself what was still open; or did not say for a day whether what has ended stands. From
 * now on only a person can find out.
 */
const nothingToHear = ({ row, events, nowMs: now }: Locked): Fact[] => {
  if (row.asking === 'to_be_sure') return givenUp(events, now);
  return now >= runsUntilMs(events) ? [{ kind: 'time_cap' }] : [];
};

/** Whoever took the tap found no connection and is gone: nothing was sent, and now nothing will be. */
const neverLeft = ({ row, events, nowMs: now }: Locked): Fact[] => {
  const sales = salesOf(events);
  const last = sales.at(-1);
  if (!last || now <= row.pay_by || !sales.every(isHarmless)) return [];
  return [{ kind: 'pay_by_passed', afterAttempt: last.attempt }];
};

async function sendAgain(deps: PaymentDeps, paymentId: string, holder: string): Promise<Next> {
  const row = await findSale(deps.store.db, paymentId);
  const sale = row && gateSaleOf(row);
  if (!sale) throw new Error('a sale that is not settled has no request');
  const next = await recordNextAttempt(deps, paymentId, holder, { onlyInTime: false });
  if (next.kind === 'stop') return lookAgain(deps, paymentId, next.conclusion);
  const { conclusion, outcome } = await sendSale(deps, paymentId, holder, next.attempt, sale);
  return lookAgain(deps, paymentId, conclusion, outcome);
}
