import type { Planted } from './plant.ts';

/** In what sends, repeats and records. */
export const inPayments: readonly Planted[] = [
  {
    name: 'repeat without looking whose lease it is',
    file: 'lib/payments/repeat-execute.ts',
    text: "eb.and([eb('lease_by', '=', holder), eb('asking'",
    replacement: "eb.and([eb('asking'",
  },
  {
    name: 'repeat under a lease that lapsed',
    file: 'lib/payments/repeat-execute.ts',
    text: "if (!locked || locked.row.lease_until < locked.nowMs) return { kind: 'stop', conclusion: null };",
    replacement: "if (!locked) return { kind: 'stop', conclusion: null };",
  },
  {
    name: 'repeat after pay_by what never left',
    file: 'lib/payments/repeat-execute.ts',
    text: 'if (begins && nowMs > row.pay_by)',
    replacement: 'if (begins && nowMs > row.pay_by + 3_600_000)',
  },
  {
    name: 'send a repeat without recording it',
    file: 'lib/payments/repeat-execute.ts',
    text: 'await append(tx, deps, locked, facts);\n',
    replacement: 'await append(tx, deps, locked, []);\n',
  },
  {
    name: 'wait a minute after each code that decides nothing',
    file: 'lib/payments/repeat-execute.ts',
    text: 'return { nextInMs: Math.min(pause, AFTER_CODE_PAUSE_MS) };',
    replacement: 'return { nextInMs: Math.max(pause, AFTER_CODE_PAUSE_MS) };',
  },
  {
    name: 'the lease guards recording',
    file: 'lib/payments/record-answer.ts',
    text: 'const locked = await lockPayment(tx, paymentId);\n      if (!locked) throw',
    replacement:
      "const locked = await lockPayment(tx, paymentId, (eb) => eb('lease_until', '>', 0));\n      if (!locked) throw",
  },
  {
    name: 'give an answer up when the store is away',
    file: 'lib/payments/record-answer.ts',
    text: 'if (isUniqueViolation(error)) throw error;',
    replacement: 'if (attempt >= 1) throw error;',
  },
  {
    name: 'believe PY0010 whatever the setting',
    file: 'lib/payments/record-answer.ts',
    text: "return unanswered.length > 0 ? deps.payments.py0010 : 'impossible';",
    replacement: "return unanswered.length > 0 ? 'approved' : 'impossible';",
  },
  {
    name: 'believe PY0010 although nothing can have been processed',
    file: 'lib/payments/record-answer.ts',
    text: "return unanswered.length > 0 ? deps.payments.py0010 : 'impossible';",
    replacement: "return unanswered.length > 0 ? deps.payments.py0010 : 'approved';",
  },
  {
    name: 'conclude without the newest answer',
    file: 'lib/payments/append.ts',
    text: 'const events = [...locked.events, ...added];',
    replacement:
      "const events = [...locked.events, ...added.filter(({ fact }) => fact.kind !== 'execute_answer')];",
  },
  {
    name: 'forget the second fact of two',
    file: 'lib/payments/append.ts',
    text: 'added.map((event) => eventRow(',
    replacement: 'added.slice(0, 1).map((event) => eventRow(',
  },
  {
    name: 'execute an id of any age',
    file: 'lib/payments/create-and-first-execute.ts',
    text: 'nowMs - sent.recordedAtMs > MAX_AGE_AT_EXECUTE_MS)',
    replacement: 'nowMs - sent.recordedAtMs > 100 * MAX_AGE_AT_EXECUTE_MS)',
  },
  {
    name: 'send another reference than was kept, where the answer to a commit is lost',
    file: 'lib/payments/create-and-first-execute.ts',
    text: 'if (planned && (!isSend || (await mayCharge(tx, paymentId)))) return planned;\n',
    replacement: '',
  },
  {
    name: 'charge one of each, whatever the quantity',
    file: 'lib/payments/pay.ts',
    text: 'amountCentavos: order.totalCentavos },',
    replacement: 'amountCentavos: order.lines.reduce((sum, line) => sum + line.unitCentavos, 0) },',
  },
  {
    name: 'take a payment over while somebody sends for it',
    file: 'lib/payments/lease.ts',
    text: ".where('asking', '!=', 'no')\n    .where('lease_until', '<', nowMs);",
    replacement: ".where('asking', '!=', 'no');",
  },
  {
    name: 'let the lease lapse while an execute is open',
    file: 'lib/payments/lease.ts',
    text: 'if (done.signal.aborted) return;\n      await deps.store.db',
    replacement: 'if (done.signal) return;\n      await deps.store.db',
  },
  {
    name: 'open payments anew while one holds the order',
    file: 'lib/orders/claim.ts',
    text: ".where('claim', 'is', null)\n    .where('paid_by', 'is', null)\n    .where('state', '=', 'open')",
    replacement: ".where('paid_by', 'is', null)\n    .where('state', '=', 'open')",
  },
  {
    name: 'give the claim up while the outcome is unknown',
    file: 'lib/payments/order-effects.ts',
    text: "if (after.state === 'declined' || after.state === 'failed')",
    replacement: "if (after.state !== 'approved' && after.state !== 'created')",
  },
  {
    name: 'tell nobody that an order is paid',
    file: 'lib/payments/order-effects.ts',
    text: '  await announce(tx, deps.ids, events);\n',
    replacement: '',
  },
  {
    name: 'look after no payment that was being created',
    file: 'lib/payments/sweeper.ts',
    text: ".where('state', 'in', ['creating', 'created', 'executing', 'review'])\n    .where('lease_until'",
    replacement: ".where('state', 'in', ['executing', 'review'])\n    .where('lease_until'",
  },
  {
    name: 'offer Pay beside a payment that is under way',
    file: 'lib/payments/order-status.ts',
    text: 'if (claiming) return status(claiming.state, claiming);',
    replacement: 'if (claiming) return status(claiming.state, claiming, true);',
  },
  {
    name: 'offer Pay on a page that was read while a payment was being opened',
    file: 'lib/payments/order-status.ts',
    text: "if (newest && (isWaiting(newest.state) || newest.state === 'approved'))",
    replacement: "if (newest && newest.state === 'review')",
  },
];
