import type { AlarmKind } from '../../db/alarms.ts';
import type { Fact } from '../facts.ts';

/**
 * What one thing that ECommPay said is alarming for, where it is alarming at all: a second refund, or a further success of
 * another sum, is news also where the first was seen to.
 */
export function alarmsOfSaid(fact: Fact): AlarmKind[] {
  if (fact.kind === 'ambiguity_settled') return fact.answered ? [] : ['status_unanswered'];
  if (fact.kind !== 'callback_said' && fact.kind !== 'status_said') return [];
  const { reading, differs, succeeded } = fact.said;
  if (differs.length > 0) return ['money_differs', 'second_operation'];
  switch (reading) {
    case 'unexpected':
      return succeeded.length > 1 ? ['unexpected_status', 'second_operation'] : ['unexpected_status'];
    case 'success':
      return ['contradiction', 'second_operation'];
    case 'decline':
    case 'error':
    case 'expired':
      return ['contradiction'];
    default:
      return [];
  }
}
