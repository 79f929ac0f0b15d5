import { sha256Hex } from '../../base/ids.ts';
import { raiseAlarm } from '../../db/alarms.ts';
import { nowMs, type Tx } from '../../db/store.ts';
import type { Report } from '../../ecommpay/report.ts';
import type { AppendDeps } from '../append.ts';

/**
 * Keeps an authentic report of a payment that is not ours, or not of this rail: another system of the merchant's, a
 * restored backup, or a mistake. What it says is kept without anything personal; deliveries of the same one are
 * counted.
 */
export async function keepStray(tx: Tx, deps: AppendDeps, report: Report): Promise<void> {
  const text = JSON.stringify(report);
  const digest = sha256Hex(text);
  const { id } = await tx
    .insertInto('stray_callbacks')
    .values({
      id: deps.ids.key(),
      digest,
      provider_payment_id: report.paymentId,
      report: text,
      first_at: nowMs,
      last_at: nowMs,
    })
    .onConflict((conflict) =>
      conflict.column('digest').doUpdateSet((eb) => ({
        last_at: nowMs,
        times: eb('stray_callbacks.times', '+', 1),
      })),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  await raiseAlarm(deps, tx, { kind: 'unknown_payment', subject: id });
}
