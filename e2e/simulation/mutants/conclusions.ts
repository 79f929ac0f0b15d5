import type { Planted } from './plant.ts';

const READING = 'lib/payments/maya-reading.ts';
const EXECUTES = 'lib/payments/executes.ts';

/** In how answers are read and what is concluded from them. */
export const inConclusions: readonly Planted[] = [
  {
    name: 'a decline code on a repeat is final',
    file: READING,
    text: "answered('decline_code').find((execute) => isOnlyPossible(execute, executes));",
    replacement: "answered('decline_code')[0];",
  },
  {
    name: 'a refusal on a repeat is final',
    file: READING,
    text: '    if (!isOnlyPossible(execute, executes)) continue;\n',
    replacement: '',
  },
  {
    name: 'only later executes can contradict a code',
    file: EXECUTES,
    text: 'all.every((other) => other.attempt === execute.attempt || isHarmless(other))',
    replacement: 'all.every((other) => other.attempt <= execute.attempt || isHarmless(other))',
  },
  {
    name: 'too many requests means not processed',
    file: EXECUTES,
    text: "return kind === 'unauthorized' || kind === 'not_connected';",
    replacement: "return kind === 'unauthorized' || kind === 'not_connected' || kind === 'rate_limited';",
  },
  {
    name: 'an unreadable answer means not processed',
    file: EXECUTES,
    text: "return kind === 'unauthorized' || kind === 'not_connected';",
    replacement: "return kind === 'unauthorized' || kind === 'not_connected' || kind === 'unclear';",
  },
  {
    name: 'a lost answer is no open question',
    file: EXECUTES,
    text: "return kind === undefined || kind === 'unclear' || kind === 'lost';",
    replacement: "return kind === undefined || kind === 'unclear';",
  },
  {
    name: 'nothing was charged if the tokens are gone',
    file: READING,
    text: '  if (!executes.every(isHarmless)) return null;\n',
    replacement: '',
  },
  {
    name: 'an interruption bars nothing',
    file: READING,
    text: "if (factsOf(events, 'interrupted').length > 0) return verdict('failed', 'interrupted');",
    replacement: "if (factsOf(events, 'interrupted').length > 9) return verdict('failed', 'interrupted');",
  },
  {
    name: 'no alarm for a payment that needs a person',
    file: 'lib/payments/verdict.ts',
    text: "{ alarms: ['payment_in_review', ...alarms] }",
    replacement: '{ alarms }',
  },
  {
    name: 'never give an undecided payment to a person',
    file: READING,
    text: 'const UNDECIDED_LIMIT = 3;',
    replacement: 'const UNDECIDED_LIMIT = 300;',
  },
  {
    name: 'a mismatch is a decline',
    file: READING,
    text: "if (mismatches.some(({ status }) => status === 'APPROVED'))\n    return review('execute_mismatch', 'execute_mismatch');",
    replacement: "if (mismatches.some(({ status }) => status === 'APPROVED')) return verdict('declined');",
  },
  {
    name: 'the order of the facts decides',
    file: READING,
    text: "answered('approved').length > 0)",
    replacement:
      "executes.length > 0 && events.at(-1)?.fact.kind === 'execute_answer' && answered('approved').length > 0)",
  },
  {
    name: 'a time-out means that nothing was sent',
    file: 'lib/base/exchange.ts',
    text: "else outcome = { kind: 'lost', reason: timedOut ? 'timeout' : 'connection' };",
    replacement: "else outcome = { kind: timedOut ? 'not_connected' : 'lost', reason: 'timeout' };",
  },
  {
    name: 'a broken connection means that nothing was sent',
    file: 'lib/base/exchange.ts',
    text: "else outcome = { kind: 'lost', reason: timedOut ? 'timeout' : 'connection' };",
    replacement: "else outcome = { kind: timedOut ? 'lost' : 'not_connected', reason: 'connection' };",
  },
  {
    name: 'an unknown status means declined',
    file: 'lib/maya/execute-payment.ts',
    text: 'if (status === null || !hasId) return null;',
    replacement: 'if (!hasId) return null;',
  },
  {
    name: 'too many requests is a refusal',
    file: 'lib/maya/execute-payment.ts',
    text: "if (status === 429) return { kind: 'rate_limited', retryAfterMs: retryAfterMs(response, nowMs) };",
    replacement: "if (status === 429) return { kind: 'refused', code: 'too_many_requests' };",
  },
  {
    name: 'a general fault is a decline',
    file: 'lib/maya/codes.ts',
    text: "new Set(['PY0105', 'PY0119', 'PY0123'])",
    replacement: "new Set(['PY0105', 'PY0119', 'PY0123', 'PY9999'])",
  },
  {
    name: 'an unreachable wallet is a refusal',
    file: 'lib/maya/codes.ts',
    text: "new Set(['2553', 'PY0017',",
    replacement: "new Set(['2553', 'PY0001', 'PY0017',",
  },
  {
    name: 'execute whatever amount Maya created',
    file: 'lib/maya/create-payment.ts',
    text: "if (wrong.length > 0) return { kind: 'wrong_echo', id, fields: wrong };",
    replacement: "if (wrong.length > 3) return { kind: 'wrong_echo', id, fields: wrong };",
  },
];
