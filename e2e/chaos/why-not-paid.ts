import { loadEvents } from '#lib/payments/payment.ts';
import type { Stage } from '../built/stage.ts';
import type { Shopper } from './shopper.ts';

/** For a person who reads the report: where somebody is stuck. */
export async function whyNotPaid(
  stage: Stage,
  { id, order, heading, trouble = '' }: Shopper,
): Promise<string> {
  const payments = await stage.store.db
    .selectFrom('payments')
    .select(['id', 'state', 'reason'])
    .where('order_id', '=', order ?? '')
    .execute();
  const facts: string[] = [];
  for (const payment of payments) {
    const events = await loadEvents(stage.store.db, payment.id);
    facts.push(
      `${payment.state} ${payment.reason ?? ''} of [${events.map(({ fact, recordedBy }) => `${recordedBy.split('-')[0]} ${JSON.stringify(fact)}`).join(', ')}]`,
    );
  }
  return `${id}: could not pay order ${order}; the page says "${heading}"; ${trouble} ${facts.join('; ')}`;
}
