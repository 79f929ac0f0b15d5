import type { Planted } from './plant.ts';

const REDUCE = 'lib/payouts/reduce.ts';
const REQUESTS = 'lib/payouts/requests.ts';
const SETTLE = 'lib/payouts/settle.ts';
const SEND = 'lib/payouts/send-payout.ts';
const SEND_REQUEST = 'lib/payouts/send-request.ts';

/** In payouts. */
export const inPayouts: readonly Planted[] = [
  {
    name: 'a payout that was lost was not paid',
    file: REQUESTS,
    text: "answer?.kind === 'not_connected' || answer?.kind === 'refused';",
    replacement: "answer?.kind === 'not_connected' || answer?.kind === 'refused' || answer?.kind === 'lost';",
  },
  {
    name: 'send a payout again as soon as it is not found',
    file: 'lib/payouts/look-again.ts',
    text: 'last.recordedAtMs + rail.times.resendAfterMs',
    replacement: 'last.recordedAtMs',
  },
  {
    name: 'send a lost payout again under another id',
    file: SEND_REQUEST,
    text: 'await sendGatePayout(rail.api, payout)',
    replacement:
      "await sendGatePayout(rail.api, attempt === 1 ? payout : { ...payout, paymentId: paymentId.concat('-again') })",
  },
  {
    name: 'send a payout again without recording it',
    file: SETTLE,
    text: "const { after } = await append(tx, deps, locked, [{ kind: 'attempt', attempt }]);",
    replacement: 'const { after } = await append(tx, deps, locked, []);',
  },
  {
    name: 'send a payout before it is on record',
    file: SEND,
    text: "await append(tx, deps, locked, [{ kind: 'attempt', attempt }]);",
    replacement: '',
  },
  {
    name: 'a payout of which nobody knows may be sent once more',
    file: SEND,
    text: "eb('state', 'in', ['ready', 'held']),",
    replacement: "eb('state', 'in', ['ready', 'held', 'unknown']),",
  },
  {
    name: 'a lost payout is ready to be sent',
    file: REDUCE,
    text: "return verdict(requests.length > 0 ? 'unknown' : 'ready');",
    replacement:
      "return verdict(requests.length > 0 && requests.at(-1)?.answer === undefined ? 'unknown' : 'ready');",
  },
  {
    name: 'an internal error is a decline',
    file: 'lib/ecommpay/statuses.ts',
    text: "decline: ['decline'],",
    replacement: "decline: ['decline', 'internal error'],",
  },
  {
    name: 'what a callback says of an error ends the payout',
    file: REDUCE,
    text: 'asked.some((one) => isRight(one) && one.reading === reading),',
    replacement: 'said.some((one) => isRight(one) && one.reading === reading),',
  },
  {
    name: 'a declined payout stays declined',
    file: REDUCE,
    text: 'said.filter((one) => one.reading === reading);',
    replacement:
      "said.filter((one) => one.reading === reading && (reading !== 'success' || !said.some((other) => other.reading === 'decline')));",
  },
  {
    name: 'staff may say too early that nothing was paid',
    file: 'lib/payouts/staff.ts',
    text: 'if (fromMs !== null && now < fromMs)',
    replacement: 'if (fromMs !== null && now < 0)',
  },
  {
    name: 'a payout that is paid stands in no ledger',
    file: 'lib/payouts/append.ts',
    text: 'await writeLedger(tx, row, changes.version, before, after);',
    replacement: '',
  },
  {
    name: 'a payout is booked at each report',
    file: 'lib/payouts/append.ts',
    text: 'if (wasPaid === isPaid) return;',
    replacement: 'if (!isPaid) return;',
  },
  {
    name: 'look after no payout that was taken',
    file: 'lib/payouts/sweeper.ts',
    text: ".where('asking', '!=', 'no')",
    replacement: ".where('state', '=', 'unknown')",
  },
  {
    name: 'no alarm for a payout that needs a person',
    file: REDUCE,
    text: "{ alarms: ['payout_in_review', ...alarms] }",
    replacement: '{ alarms }',
  },
  {
    name: 'ask for a payout while somebody sends it',
    file: 'lib/payouts/lease.ts',
    text: ".where('asking', '!=', 'no')\n    .where('lease_until', '<', nowMs);",
    replacement: ".where('asking', '!=', 'no');",
  },
  {
    name: 'pay out a centavo more',
    file: 'lib/payouts/payout.ts',
    text: 'amountCentavos: row.amount_centavos,',
    replacement: 'amountCentavos: row.amount_centavos + 1,',
  },
];
