import type { World } from '../world/world.ts';
import { TIMES } from './agreement.ts';
import type { EcommpayCall } from './kinds.ts';

const SENT = {
  sale: `select count(*) as count from payment_events where payment_id = ? and kind = 'sale_attempt'`,
  payout: `select count(*) as count from payout_events where payout_id = ? and kind = 'attempt'`,
};

const HARMLESS = {
  sale: `select count(*) as count from payment_events where payment_id = ? and kind = 'sale_answer'
    and json_extract(data, '$.outcome.kind') in ('not_connected', 'refused')`,
  payout: `select count(*) as count from payout_events where payout_id = ? and kind = 'answer'
    and json_extract(data, '$.outcome.kind') in ('not_connected', 'refused')`,
};

/** The store's clock may be a little off, or be set. */
const CLOCK_MARGIN_MS = 40_000;

/**
 * What is wrong about a call at the moment it leaves, judged from the store as it is then; nothing if all is well.
 *
 * @param lefts when each request for money left last
 */
export function watchCall(
  world: World,
  lefts: Map<string, number>,
  name: EcommpayCall,
  id: string,
): string | undefined {
  if (name === 'status') return undefined;
  const count = (query: string) => world.database.get<{ count: number }>(query, id)?.count ?? 0;
  const sends = world.countOf(`${name} ${id}`);
  if (sends > count(SENT[name])) return `write before send: ${name} ${id} left before it was on record`;
  const leftBefore = lefts.get(id);
  lefts.set(id, world.scheduler.now);
  if (sends === 1 || leftBefore === undefined) return undefined;
  world.reach(`a ${name} was sent again`);
  // Every request before this one is known to have made nothing.
  if (count(HARMLESS[name]) >= sends - 1) return undefined;
  // Whoever stood still between recording and sending sent later than was known.
  if (world.leasesMayLapse) return undefined;
  if (world.scheduler.now - leftBefore < TIMES.resendAfterMs - CLOCK_MARGIN_MS)
    return `too soon: ${name} ${id} was sent again after ${world.scheduler.now - leftBefore} ms`;
  return undefined;
}
