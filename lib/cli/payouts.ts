import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import type { Store } from '../db/store.ts';
import { getBalance } from '../ecommpay/data-balance.ts';
import { acknowledgeAlarms } from '../ops/alarms.ts';
import { openPayoutDossier } from '../ops/payout-dossier.ts';
import { listBatches, listPayouts, openBatches } from '../ops/payout-list.ts';
import type { PayoutDeps } from '../payouts/deps.ts';
import { DEFAULT_COLUMNS, exportForDashboard, readColumns } from '../payouts/export-dashboard.ts';
import type { FileProblem } from '../payouts/file-row.ts';
import { importPayers } from '../payouts/import-payers.ts';
import { importPayouts } from '../payouts/import-payouts.ts';
import { findPayout } from '../payouts/payout.ts';
import { sendBatch, sendOne } from '../payouts/send-batch.ts';
import { askAgain, decide, isTooEarly } from '../payouts/staff.ts';
import { CommandError, runCommand } from './command.ts';
import { databaseStore, offline, online } from './payouts-deps.ts';
import { sentOneText, sentText } from './payouts-sent-text.ts';
import {
  batchText,
  dossierText,
  importedText,
  lineText,
  payersText,
  REFUSALS,
  refusalText,
} from './payouts-text.ts';
import { USAGE } from './payouts-usage.ts';

const STATES = ['ready', 'held', 'unknown', 'processing', 'paid', 'declined', 'failed', 'review'] as const;

const OPTIONS = {
  as: { type: 'string' },
  evidence: { type: 'string' },
  seen: { type: 'string' },
  batch: { type: 'string' },
  state: { type: 'string' },
  limit: { type: 'string', default: '200' },
  columns: { type: 'string', default: DEFAULT_COLUMNS },
  separator: { type: 'string', default: ',' },
  again: { type: 'boolean', default: false },
  check: { type: 'boolean', default: false },
  'send-good-rows': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const read = () => parseArgs({ allowPositionals: true, strict: true, options: OPTIONS });
type Values = ReturnType<typeof read>['values'];
type Command = (store: Store, args: string[], values: Values) => Promise<void>;

const COMMANDS: Record<string, Command> = {
  import: importFile,
  send,
  list,
  show,
  'ask-again': askOnceMore,
  acknowledge,
  decide: decideOne,
  payers,
  'export-dashboard': exportFile,
  balance,
};

/** Whoever acts is on record by name. */
const actorOf = (values: Values): string => values.as?.trim() || userInfo().username;

const only = (text: string | undefined, what: string): string => {
  if (!text) throw new CommandError(`Name ${what}.\n\n${USAGE}`);
  return text;
};

const print = (values: Values, data: unknown, text: string): void =>
  console.log(values.json ? JSON.stringify(data, null, 2) : text);

const complain = ({ line, column, reason }: FileProblem) =>
  console.error(`line ${line}, ${column}: ${reason}`);

const sourceOf = (file: string): Readable => (file === '-' ? process.stdin : createReadStream(file));

async function importFile(store: Store, [file]: string[], values: Values): Promise<void> {
  const deps = offline(store);
  const mode = values.check ? 'check' : values['send-good-rows'] ? 'good_rows' : 'whole';
  const result = await importPayouts(deps, sourceOf(only(file, 'a file')), {
    mode,
    actor: actorOf(values),
    onProblem: complain,
  });
  print(values, result, importedText(result, mode));
  // Good rows that were let pass are what staff wanted.
  if (result.problems > 0 && result.batchId === null) process.exitCode = 1;
}

async function send(store: Store, [name]: string[], values: Values): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const target = name ?? (await onlyOpenBatch(store));
  if (target === null) return console.log('There is nothing to send.');
  const { deps, close } = online(store, stop.signal);
  try {
    await sendTarget(deps, target, values);
  } finally {
    await close();
  }
}

async function sendTarget(deps: PayoutDeps, target: string, values: Values): Promise<void> {
  const { store, stopping } = deps;
  const actor = actorOf(values);
  const before = await findPayout(store.db, target);
  if (before) {
    const result = await sendOne(deps, target, actor);
    if (result) print(values, result, sentOneText(result, before));
    if (result?.kind !== 'sent' || !result.left) process.exitCode = 1;
    return;
  }
  let done = 0;
  const result = await sendBatch(deps, target, actor, () => {
    done += 1;
    if (done % 500 === 0) console.error(`${done} done`);
  });
  if (!result) throw new CommandError('There is no such batch or payout. "list" shows the batches.');
  print(values, result, sentText(result));
  if (result.stopped !== null || stopping.aborted) process.exitCode = 1;
}

async function onlyOpenBatch(store: Store): Promise<string | null> {
  const [batchId, another] = await openBatches(store.db);
  if (another !== undefined)
    throw new CommandError('Several batches have something to send; name one ("list").');
  return batchId ?? null;
}

async function list(store: Store, _args: string[], values: Values): Promise<void> {
  const state = STATES.find((one) => one === values.state);
  if (values.state !== undefined && !state)
    throw new CommandError(`There is no state "${values.state}"; states are ${STATES.join(', ')}.`);
  if (values.batch === undefined && !state) {
    const batches = await listBatches(store.db, wholeNumber(values.limit, '--limit'));
    return print(values, batches, batches.map(batchText).join('\n') || 'There are no payouts.');
  }
  const lines = await listPayouts(store.db, {
    batchId: values.batch,
    ...(state ? { states: [state] } : {}),
    limit: wholeNumber(values.limit, '--limit'),
  });
  print(values, lines, lines.map(lineText).join('\n') || 'There are none.');
}

function wholeNumber(text: string, option: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new CommandError(`${option} must be a whole number.`);
  return Number(text);
}

async function show(store: Store, [id]: string[], values: Values): Promise<void> {
  const { keys, limitMs } = offline(store);
  const dossier = await openPayoutDossier(store.db, keys, only(id, 'a payout'), limitMs);
  if (!dossier) throw new CommandError(REFUSALS.not_found);
  print(values, dossier, dossierText(dossier));
}

async function askOnceMore(store: Store, [id]: string[], values: Values): Promise<void> {
  const staff = { actor: actorOf(values), evidence: values.evidence ?? '' };
  const result = await askAgain(offline(store), only(id, 'a payout'), staff);
  if (result === 'not_found') throw new CommandError(REFUSALS.not_found);
  if (result === 'nothing_to_ask') throw new CommandError('Asking cannot tell more about this payout.');
  console.log('The running server asks at its next turn. See the result with "show".');
}

async function decideOne(store: Store, [id, choice]: string[], values: Values): Promise<void> {
  if (choice !== 'paid' && choice !== 'not-paid') throw new CommandError('Decide "paid" or "not-paid".');
  if (!values.evidence?.trim())
    throw new CommandError('Say what you saw: --evidence "Dashboard: success, operation 590"');
  const payout = await findPayout(store.db, only(id, 'a payout'));
  if (!payout) throw new CommandError(REFUSALS.not_found);
  if (values.seen === undefined)
    throw new CommandError('Name the version you looked at: --seen <version>, as "show" prints it.');
  const seen = wholeNumber(values.seen, '--seen');
  const staff = { actor: actorOf(values), evidence: values.evidence };
  const decision = choice === 'paid' ? 'paid' : 'not_paid';
  const result = await decide(offline(store), payout.id, decision, seen, staff);
  if (typeof result === 'string' || isTooEarly(result)) throw new CommandError(refusalText(result));
  console.log(`Recorded. The payout is now: ${result.state}.`);
}

async function acknowledge(store: Store, [id]: string[], values: Values): Promise<void> {
  if (!values.evidence?.trim()) throw new CommandError('Say what you found: --evidence <text>');
  const staff = { actor: actorOf(values), evidence: values.evidence };
  const payoutId = only(id, 'a payout');
  if (values.seen === undefined)
    throw new CommandError('Name what you looked at: --seen <number>, as "show" prints it with the alarms.');
  const seen = wholeNumber(values.seen, '--seen');
  const kinds = await acknowledgeAlarms(offline(store), payoutId, seen, staff, 'payout.acknowledge');
  if (kinds === 'changed')
    throw new CommandError(
      'Something was raised about it since you looked, and nothing was closed. Look again with "show", then acknowledge with its new number.',
    );
  console.log(kinds === 'none_open' ? 'It has no open alarm.' : `Acknowledged: ${kinds.join(', ')}.`);
}

async function payers(store: Store, [what, file]: string[], values: Values): Promise<void> {
  if (what !== 'import') throw new CommandError('Say: payers import <file>');
  const source = sourceOf(only(file, 'a file'));
  const options = { actor: actorOf(values), onProblem: complain };
  const result = await importPayers(offline(store), source, options);
  print(values, result, payersText(result));
  if (result.problems > 0) process.exitCode = 1;
}

async function exportFile(store: Store, [file]: string[], values: Values): Promise<void> {
  const { separator } = values;
  if (separator !== ',' && separator !== ';') throw new CommandError('--separator is , or ;');
  const target = only(file, 'a file to write');
  const lines = exportForDashboard(offline(store), {
    columns: readColumns(values.columns),
    separator,
    actor: actorOf(values),
    batchId: values.batch,
    again: values.again,
  });
  // It names people and their numbers: for its owner's eyes, and never over another file.
  const opened = await open(target, 'wx', 0o600);
  let written = -1;
  async function* counted() {
    for await (const line of lines) {
      written += 1;
      yield line;
    }
  }
  await pipeline(Readable.from(counted()), opened.createWriteStream());
  console.log(
    [
      `${written} payouts written to ${target}. These payouts are not sent by machines any more; ECommPay is asked what became of them.`,
      'UNVERIFIED: ECommPay publishes no template for this file. Compare columns, names, separator and unit of the amount',
      'with the template in your Dashboard before you upload it, and see that it takes our payment_id.',
    ].join('\n'),
  );
}

async function balance(store: Store, _args: string[], values: Values): Promise<void> {
  const { deps, close } = online(store, new AbortController().signal);
  const { rail } = deps.payouts;
  const result = await (rail ? getBalance(rail.api) : Promise.resolve({ kind: 'off' } as const)).finally(
    close,
  );
  if (result.kind === 'off')
    throw new CommandError('The Data API is off: set ECOMMPAY_DATA_TOKEN and ECOMMPAY_DATA_SECRET.');
  if (result.kind !== 'balance')
    throw new CommandError(
      `ECommPay did not tell (${result.kind}${'code' in result ? ` ${result.code}` : ''}).`,
    );
  const lines = result.accounts.map(
    ({ name, sums }) =>
      `${name}  ${Object.entries(sums)
        .map(([currency, sum]) => `${sum} ${currency}`)
        .join(', ')}`,
  );
  print(
    values,
    result.accounts,
    [...lines, 'As ECommPay says it; the unit of the sums is not documented.'].join('\n'),
  );
}

await runCommand(async () => {
  const { values, positionals } = read();
  const [name, ...args] = positionals;
  if (values.help || name === undefined) return console.log(USAGE);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new CommandError(`There is no command "${name}".\n\n${USAGE}`);
  const store = databaseStore();
  try {
    await command(store, args, values);
  } finally {
    await store.close();
  }
});
