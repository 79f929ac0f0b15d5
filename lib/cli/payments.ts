import { parseArgs } from 'node:util';
import { formatManila } from '../base/dates.ts';
import { readSome } from '../base/env.ts';
import { systemIds } from '../base/ids.ts';
import { createLog } from '../base/log.ts';
import { formatPesos } from '../base/money.ts';
import type { Rail } from '../db/schema.ts';
import { openStore } from '../db/store.ts';
import { acknowledgeAlarms, listAlarms } from '../ops/alarms.ts';
import { openDossier } from '../ops/payment-dossier.ts';
import { listReview } from '../ops/review-list.ts';
import { listStrays } from '../ops/stray-list.ts';
import { isFinal, loadEvents } from '../payments/payment.ts';
import {
  askAgain,
  decide,
  mayDecideFromMs,
  recordReturn,
  type StaffDeps,
  type StaffRefusal,
} from '../payments/staff.ts';
import { MACHINE } from '../payments/tasks.ts';
import { CommandError, runCommand } from './command.ts';

const USAGE = `Payments that need a person.

  npm run payments -- list [--checks]
      those in review, and customers who are owed money, with what was taken from them; with --checks also the newest 50 of those that were believed on PY0010
  npm run payments -- show <payment>
      all that is known of one, with the references to look it up in Maya Manager
  npm run payments -- decide <payment> charged|not-charged --seen <version> --by <your name> --evidence <text>
      your decision, after looking it up; <version> as "show" printed it
  npm run payments -- ask-again <payment> --by <your name> --evidence <why>
      the running server asks once more: repeats the same Maya payment id, or asks ECommPay; cannot charge twice
  npm run payments -- returned <payment> --by <your name> --evidence <how and when>
      you gave back what a second payment took; its customer is told so
  npm run payments -- alarms
      every alarm that nobody has seen to, also about payments that are settled: refunds, second charges, wrong settings
  npm run payments -- acknowledge <subject of an alarm> --seen <number> --by <your name> --evidence <what you found and did>
      closes the alarms about it, <number> as "alarms" printed it; nothing is closed where more was raised since, and what
      comes anew raises them again
  npm run payments -- strays
      the newest 200 things that ECommPay told of payments that are not ours

Add --json to list, alarms, show and strays for machines.`;

const REFUSALS: Record<Exclude<StaffRefusal, 'execute_on_the_wire' | 'too_early'>, string> = {
  not_found: 'There is no such payment. "list" shows those that need a person.',
  busy: 'A server is asking about it right now. Try again in ten seconds.',
  changed:
    'Something new is known of this payment. Look again with "show", then decide with its new version.',
  never_executed: 'Nothing that charges was ever sent. It settles by itself.',
};

const WHY_NOT_YET = {
  execute_on_the_wire: 'It may still be paid: Maya may be working on an execute.',
  too_early:
    'The customer can still pay it, on ECommPay’s page or in the wallet, and what the Dashboard shows can still change. "ask-again" asks ECommPay.',
};

const VERSION_UNSEEN = 'Name the version you looked at: --seen <version>, as "show" prints it.';
const ALARMS_UNSEEN = 'Name what you looked at: --seen <number>, as "alarms" prints it beside the subject.';
const PAYS_NOW =
  'This payment pays its order by now, so nothing was recorded. See with "show" what it took. Only if all of that was sent back: once more with --although-it-pays; its order is unpaid then, and can be paid again.';
const ALARMS_CHANGED =
  'Something was raised about it since you looked, and nothing was closed. Look again with "alarms", then acknowledge with its new number.';

/** What the person had seen, as a number. @throws CommandError with `otherwise` */
function seenOf(text: string | undefined, otherwise: string): number {
  if (!/^\d{1,9}$/.test(text ?? '')) throw new CommandError(otherwise);
  return Number(text);
}

/** Where a person looks a payment up, and by what. */
const LOOK_UP: Record<Rail, { name: string; how: string }> = {
  maya: {
    name: 'Maya',
    how: 'Look it up in Maya Manager by the Maya id or by one of these Request-Reference-No:',
  },
  ecommpay: {
    name: 'ECommPay',
    how: 'Look it up in the ECommPay Dashboard by the ECommPay id, which is ours.',
  },
};

/** What a person's decision raises is told to that person too. */
function tellAlarm(line: string): void {
  const { event, alarm, subject } = JSON.parse(line) as Record<string, string>;
  if (event === 'alarm') console.error(`Alarm: ${alarm} (${subject}). See "alarms".`);
}

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    strict: true,
    options: {
      seen: { type: 'string' },
      by: { type: 'string' },
      evidence: { type: 'string' },
      checks: { type: 'boolean', default: false },
      'although-it-pays': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [command, payment = '', choice] = positionals;
  if (values.help || command === undefined) {
    console.log(USAGE);
    return;
  }
  const settings = readSome(process.env, ['DATABASE_URL', 'MAYA_EXECUTE_TIMEOUT_MS']);
  const store = openStore(settings.DATABASE_URL);
  const deps: StaffDeps = {
    store,
    ids: systemIds,
    log: createLog(tellAlarm, Date.now),
    instance: `staff-${process.pid}`,
    executeTimeoutMs: settings.MAYA_EXECUTE_TIMEOUT_MS,
  };
  const staff = () => {
    if (!values.by || !values.evidence)
      throw new CommandError(
        'Say who you are and what you saw: --by "Ana Reyes" --evidence "Maya Manager: no debit"',
      );
    if (values.by === MACHINE)
      throw new CommandError(
        `"${MACHINE}" is what this program calls itself. Say who you are: --by "Ana Reyes"`,
      );
    return { actor: values.by, evidence: values.evidence };
  };
  try {
    switch (command) {
      case 'list':
        return await list(deps, values);
      case 'returned': {
        const result = await recordReturn(deps, payment, staff(), values['although-it-pays']);
        if (result === 'pays_the_order') throw new CommandError(PAYS_NOW);
        if (result === 'not_found') throw new CommandError(REFUSALS.not_found);
        if (result === 'nothing_to_return')
          throw new CommandError('Nothing of this payment is to be returned. "list" shows what is.');
        return console.log(
          'Recorded. The customer is told that it was sent back, and it pays for nothing any more.',
        );
      }
      case 'alarms':
        return await alarms(deps, values.json);
      case 'acknowledge': {
        const who = staff();
        const seen = seenOf(values.seen, ALARMS_UNSEEN);
        const kinds = await acknowledgeAlarms(deps, payment, seen, who, 'alarm.acknowledge');
        if (kinds === 'none_open')
          throw new CommandError('There is no open alarm about that. "alarms" shows them.');
        if (kinds === 'changed') throw new CommandError(ALARMS_CHANGED);
        return console.log(`Acknowledged: ${kinds.join(', ')}.`);
      }
      case 'strays':
        return await strays(deps, values.json);
      case 'show':
        return await show(deps, payment, values.json);
      case 'decide': {
        if (choice !== 'charged' && choice !== 'not-charged')
          throw new CommandError('Decide "charged" or "not-charged".');
        const seen = seenOf(values.seen, VERSION_UNSEEN);
        const decision = choice === 'charged' ? 'charged' : 'not_charged';
        const result = await decide(deps, payment, decision, seen, staff());
        if (result === 'execute_on_the_wire' || result === 'too_early')
          throw new CommandError(await refuseUntil(deps, payment, decision, result));
        if (typeof result === 'string') throw new CommandError(REFUSALS[result]);
        console.log(`Recorded. The payment is now: ${result.state}.`);
        return;
      }
      case 'ask-again': {
        const result = await askAgain(deps, payment, staff());
        if (result === 'nothing_to_ask')
          throw new CommandError('Asking cannot tell more about this payment. Look it up and decide.');
        if (result !== 'asked') throw new CommandError(REFUSALS[result]);
        console.log('The running server asks at its next turn. See the result with "show".');
        return;
      }
      default:
        throw new CommandError(`There is no command "${command}".\n\n${USAGE}`);
    }
  } finally {
    await store.close();
  }
});

async function refuseUntil(
  deps: StaffDeps,
  paymentId: string,
  decision: 'charged' | 'not_charged',
  why: keyof typeof WHY_NOT_YET,
): Promise<string> {
  const fromMs = mayDecideFromMs(await loadEvents(deps.store.db, paymentId), deps.executeTimeoutMs, decision);
  return `${WHY_NOT_YET[why]} It can be decided from ${formatManila(fromMs)} on.`;
}

async function list(deps: StaffDeps, options: { checks: boolean; json: boolean }): Promise<void> {
  const rows = await listReview(deps.store.db, { spotChecks: options.checks });
  if (options.json) return console.log(JSON.stringify(rows, null, 2));
  const open = (await listAlarms(deps.store.db)).length;
  const more = open > 0 ? [`${open} open alarm${open === 1 ? '' : 's'}: npm run payments -- alarms`] : [];
  if (rows.length === 0) return console.log(['Nothing waits for a decision.', ...more].join('\n'));
  for (const row of rows)
    console.log(
      [
        row.todo.toUpperCase().padEnd(6),
        row.paymentId,
        sum(row.amountCentavos).padStart(12),
        formatManila(row.openedAtMs),
        row.reason ?? '',
        `${LOOK_UP[row.rail].name} id ${row.providerId ?? 'none'}`,
      ].join('  '),
    );
  for (const line of more) console.log(line);
}

/** What was taken in another currency, or nobody named, a person reads where it was taken. */
function sum(centavos: number | null): string {
  return centavos === null ? 'look it up' : formatPesos(centavos);
}

async function alarms(deps: StaffDeps, json: boolean): Promise<void> {
  const rows = await listAlarms(deps.store.db);
  if (json) return console.log(JSON.stringify(rows, null, 2));
  if (rows.length === 0) return console.log('There is no open alarm.');
  for (const { kind, subject, sinceMs, lastAtMs, times, seen } of rows)
    console.log(
      [
        kind.padEnd(22),
        subject,
        `since ${formatManila(sinceMs)}`,
        ...(times > 1 ? [`${times} times, last ${formatManila(lastAtMs)}`] : []),
        `--seen ${seen}`,
      ].join('  '),
    );
}

async function strays(deps: StaffDeps, json: boolean): Promise<void> {
  const rows = await listStrays(deps.store.db);
  if (json) return console.log(JSON.stringify(rows, null, 2));
  if (rows.length === 0) return console.log('ECommPay told of no payment that is not ours.');
  for (const row of rows)
    console.log(
      [
        row.id,
        row.providerPaymentId,
        formatManila(row.lastAtMs),
        `${row.times} times`,
        JSON.stringify(row.report),
      ].join('  '),
    );
}

async function show(deps: StaffDeps, paymentId: string, json: boolean): Promise<void> {
  const dossier = await openDossier(deps.store.db, paymentId);
  if (!dossier) throw new CommandError(REFUSALS.not_found);
  if (json) return console.log(JSON.stringify(dossier, null, 2));
  const { payment, taken, order, events, references, alarms, audit } = dossier;
  const decideFromMs = mayDecideFromMs(events, deps.executeTimeoutMs, 'not_charged');
  const lines = [
    `Payment    ${payment.id}   version ${payment.version}`,
    `State      ${payment.state}${payment.reason ? ` (${payment.reason})` : ''}${payment.confirmed_by ? `, confirmed by ${payment.confirmed_by}` : ''}`,
    `Amount     ${formatPesos(payment.amount_centavos)}`,
    ...(taken ? [`Taken      ${sum(taken.centavos)}`] : []),
    `Order      ${payment.order_id}   ${order.state}${order.paidBy ? `, paid by ${order.paidBy}` : ''}`,
    `${`${LOOK_UP[payment.rail].name} id`.padEnd(11)}${payment.provider_id ?? 'none'}`,
    `Opened     ${formatManila(payment.opened_at)}`,
    ...(isFinal(payment.state) || decideFromMs <= Date.now()
      ? []
      : [`Decidable  from ${formatManila(decideFromMs)} on; until then it can still be paid`]),
    '',
    LOOK_UP[payment.rail].how,
    ...references.map(({ call, reference }) => `  ${call.padEnd(12)} ${reference}`),
    '',
    'What is on record:',
    ...events.map(({ number, recordedAtMs, recordedBy, fact }) => {
      const { kind, ...data } = fact;
      return `  ${String(number).padStart(3)}  ${new Date(recordedAtMs).toISOString()}  ${kind}  ${JSON.stringify(data)}  (${recordedBy})`;
    }),
    ...(alarms.length > 0 ? ['', 'Alarms:'] : []),
    ...alarms.map(({ kind, sinceMs, times }) => `  ${kind} since ${formatManila(sinceMs)}, ${times} times`),
    ...(audit.length > 0 ? ['', 'What people did:'] : []),
    ...audit.map(
      ({ atMs, actor, action, evidence }) => `  ${formatManila(atMs)}  ${actor}: ${action} (${evidence})`,
    ),
  ];
  console.log(lines.join('\n'));
}
