import type { Code } from '../codes.ts';
import type { Sum } from '../payments/payment.ts';
import type { World } from '../world.ts';
import { type Call, reportViolation } from './call.ts';

const DUPLICATE_OPERATION: Code = 3613;
const WITHOUT_SALE: Code = 2606;

/** What keeps a well-formed request from being taken. */
export function obstacleTo(
  world: World,
  call: Call,
  type: 'sale' | 'payout',
  { customerId, sum }: { customerId: string; sum: Sum },
): Code | undefined {
  const own = world.payments.all().filter((payment) => payment.customerId === customerId);
  const { duplicateWindowMs, payoutNeedsSale } = world.settings;
  const since = world.now() - duplicateWindowMs;
  const kind = type === 'sale' ? 'purchase' : 'payout';
  const isDuplicate = own.some(
    (payment) => payment.type === kind && payment.sum.amount === sum.amount && payment.createdAt > since,
  );
  if (duplicateWindowMs > 0 && isDuplicate) return DUPLICATE_OPERATION;
  if (type === 'sale' || !payoutNeedsSale) return undefined;
  if (own.some((payment) => payment.type === 'purchase' && payment.status === 'success')) return undefined;
  reportViolation(world, call, 'payout-without-sale', 'This customer has no successful sale');
  return WITHOUT_SALE;
}
