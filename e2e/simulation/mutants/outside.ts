import type { Planted } from './plant.ts';

const READING = 'lib/payments/ecommpay/reading.ts';
const ASKING = 'lib/payments/ecommpay/ask-for-status.ts';
const REPORT = 'lib/ecommpay/report.ts';
const ACCEPTED = 'lib/ecommpay/accepted.ts';

/** In how customers outside Maya pay, and in what ECommPay's words are taken for. */
export const inOutside: readonly Planted[] = [
  {
    name: 'a declined attempt is a declined payment',
    file: REPORT,
    text: "reading: isRepeat ? 'pending' : readStatus(status),",
    replacement:
      "reading: isRepeat ? 'pending' : readStatus(operation?.status === 'decline' ? 'decline' : status),",
  },
  {
    name: 'a repeat that was refused is a payment that was refused',
    file: REPORT,
    text: "reading: isRepeat ? 'pending' : readStatus(status),",
    replacement: "reading: isRepeat ? 'decline' : readStatus(status),",
  },
  {
    name: 'a success of any sum pays',
    file: READING,
    text: "if (of('success').some(isRight))",
    replacement: "if (of('success').length > 0)",
  },
  {
    name: 'the sum that was paid is not looked at',
    file: REPORT,
    text: 'if (sum.amount !== expected.amountCentavos) found.add(amount);',
    replacement: '',
  },
  {
    name: 'once declined, always declined',
    file: READING,
    text: "if (of('success').some(isRight))",
    replacement: "if (declines.length === 0 && of('success').some(isRight))",
  },
  {
    name: 'what a callback says of an error ends the payment',
    file: READING,
    text: 'asked.some((one) => isRight(one) && one.reading === reading),',
    replacement: 'said.some((one) => isRight(one) && one.reading === reading),',
  },
  {
    name: 'not found is final at once',
    file: ASKING,
    text: 'late: askedAtMs >= releaseAtMs(events),',
    replacement: 'late: true,',
  },
  {
    name: 'send a sale again as soon as it is not found',
    file: 'lib/payments/ecommpay/look-again.ts',
    text: 'return last.recordedAtMs + rail.times.resendAfterMs;',
    replacement: 'return last.recordedAtMs;',
  },
  {
    name: 'send a lost sale again under another id',
    file: ASKING,
    text: 'next.attempt, sale);',
    replacement: 'next.attempt, { ...sale, paymentId: deps.ids.key() });',
  },
  {
    name: 'send a sale again without recording it',
    file: 'lib/payments/ecommpay/record-attempt.ts',
    text: 'await append(tx, deps, locked, [{ ...first, attempt }]);',
    replacement: 'await append(tx, deps, locked, []);',
  },
  {
    name: 'a code that nobody knows is a refusal',
    file: ACCEPTED,
    text: "return REFUSALS.has(meaning) ? { kind: 'refused'",
    replacement: "return meaning !== 'success' ? { kind: 'refused'",
  },
  {
    name: 'an id that is taken is a refusal',
    file: ACCEPTED,
    text: "if (code === DUPLICATE_PAYMENT_ID) return { kind: 'duplicate' };",
    replacement:
      "if (code === DUPLICATE_PAYMENT_ID) return { kind: 'refused', status, code, meaning: 'declined' };",
  },
  {
    name: 'believe a status that nobody signed',
    file: 'lib/ecommpay/payment-status.ts',
    text: "if (message.kind !== 'signed') return unclear('unsigned');",
    replacement: '',
  },
  {
    name: 'believe a callback that nobody signed',
    file: 'lib/ecommpay/callbacks/read-callback.ts',
    text: "if (message.kind !== 'signed') return { kind: 'not_authentic' };",
    replacement: "if (message.kind === 'forged') return { kind: 'not_authentic' };",
  },
  {
    name: 'take a callback that was not kept',
    file: 'lib/runtime/ecommpay-callback.ts',
    text: 'return answer(500);',
    replacement: "return answer(200, 'OK');",
  },
  {
    name: 'continue with an address that lives longer',
    file: 'lib/payments/ecommpay/start-page.ts',
    text: 'address: paymentPageAddress(rail.api.settings, sale),',
    replacement:
      'address: paymentPageAddress(rail.api.settings, { ...sale, bestBeforeMs: deps.clock.now() + 3_600_000 }),',
  },
  {
    name: 'open a sale beside a payment that holds the order',
    file: 'lib/payments/claim-and-insert.ts',
    text: "if (!claimed) return 'not_claimed';",
    replacement: "if (!claimed && opening.rail !== 'ecommpay') return 'not_claimed';",
  },
  {
    name: 'nobody has to return what was paid twice',
    file: 'lib/payments/second-success.ts',
    text: 'await openTask(tx, deps, RETURN, id);',
    replacement: '{}',
  },
  {
    name: 'nobody is told of what was paid twice',
    file: 'lib/payments/order-effects.ts',
    text: "await raiseAlarm(deps, tx, { kind: 'duplicate_paid', subject: payment.id });",
    replacement: '',
  },
];
