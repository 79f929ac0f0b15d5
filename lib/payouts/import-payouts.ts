import { readCsv } from '../base/csv.ts';
import { AppError } from '../base/errors.ts';
import { isUniqueViolation, nowMs } from '../db/store.ts';
import type { Limits } from '../ecommpay/api.ts';
import { audit } from './audit.ts';
import type { RecordDeps } from './deps.ts';
import { type FileProblem, type FileRow, type Header, readFileRow, readHeader } from './file-row.ts';
import { findPayers } from './payers.ts';
import { compareContent, contentDigest, type PayoutKeys, sealRecipient } from './recipient.ts';

export type ImportDeps = RecordDeps & {
  keys: PayoutKeys;
  projectId: number;
  limits: Limits;
  /** The network address to send where the file names none. */
  defaultIp: string | undefined;
};

export type ImportOptions = {
  /**
   * - `check`: records nothing.
   * - `whole`: records the file if every row of it is good.
   * - `good_rows`: records the good rows, whatever the others are, as long as each row of the file could be told from the next.
   */
  mode: 'check' | 'whole' | 'good_rows';
  actor: string;
  /** Hears of every bad row, as it is found. */
  onProblem: (problem: FileProblem) => void;
};

/** `batchId` is `null` where nothing was recorded. */
export type Imported = {
  batchId: string | null;
  rows: number;
  /** Good and new. */
  fresh: number;
  freshCentavos: number;
  /** On record already, with the same content. */
  skipped: number;
  problems: number;
  /**
   * The first line that is not CSV. Behind it a cell's content may look like a row, so nothing of the file is recorded,
   * whatever the mode.
   */
  unreadableLine: number | null;
};

/** More belong into several files: they are recorded in one piece, or not at all. */
export const MAX_ROWS = 100_000;
const CHUNK = 200;

/**
 * Reads a file of payouts as it streams in, and records it as a batch, which nobody sends before staff says so. A row
 * whose `payment_id` is on record with the same content is skipped, with other content it is a problem: so a corrected
 * file brings only what is new.
 */
export async function importPayouts(
  deps: ImportDeps,
  source: AsyncIterable<Uint8Array | string>,
  options: ImportOptions,
): Promise<Imported> {
  const result: Imported = {
    batchId: null,
    rows: 0,
    fresh: 0,
    freshCentavos: 0,
    skipped: 0,
    problems: 0,
    unreadableLine: null,
  };
  const found: FileProblem[] = [];
  const complain = (problem: FileProblem) => {
    result.problems += 1;
    found.push(problem);
  };
  // What the store says of a row comes later than what the row itself says: told in the order of the file.
  const tell = () => {
    for (const problem of found.toSorted((a, b) => a.line - b.line)) options.onProblem(problem);
    found.length = 0;
  };
  const batchId = deps.ids.key();
  const fresh: NewPayout[] = [];
  const lines = new Map<string, number>();
  let header: Header | undefined;
  let waiting: FileRow[] = [];
  const compare = async () => {
    const { good, skipped } = await againstTheStore(deps, waiting, complain);
    result.skipped += skipped;
    for (const row of good) {
      result.freshCentavos += row.amountCentavos;
      fresh.push(newPayout(deps, batchId, row));
    }
    waiting = [];
    tell();
  };

  for await (const record of readCsv(source)) {
    if (record.kind === 'broken') result.unreadableLine ??= record.line;
    if (!header) {
      const first =
        record.kind === 'row'
          ? readHeader(record)
          : { header: new Map(), problems: [{ line: record.line, column: 'header', reason: record.reason }] };
      for (const problem of first.problems) complain(problem);
      if (first.problems.length > 0) {
        tell();
        return result;
      }
      header = first.header;
      continue;
    }
    result.rows += 1;
    if (result.rows > MAX_ROWS) {
      complain({ line: record.line, column: 'file', reason: `has over ${MAX_ROWS} rows; split it` });
      tell();
      return result;
    }
    const read = readFileRow(header, record, deps);
    if ('problems' in read) {
      for (const problem of read.problems) complain(problem);
      if (found.length >= CHUNK) await compare();
      continue;
    }
    const before = lines.get(read.row.paymentId);
    if (before === undefined) {
      lines.set(read.row.paymentId, read.row.line);
      waiting.push(read.row);
    } else
      complain({
        line: read.row.line,
        column: 'payment_id',
        reason: `stands in line ${before} already; each row needs its own`,
      });
    if (waiting.length + found.length >= CHUNK) await compare();
  }
  await compare();
  if (!header) complain({ line: 1, column: 'file', reason: 'is empty' });
  tell();

  result.fresh = fresh.length;
  const mayRecord =
    result.unreadableLine === null &&
    (options.mode === 'good_rows' || (options.mode === 'whole' && result.problems === 0 && header));
  if (!mayRecord || fresh.length === 0) return result;
  await record(deps, batchId, fresh, options.actor);
  return { ...result, batchId };
}

/** Told apart: new rows, rows on record, and rows that may not be paid. */
async function againstTheStore(
  deps: ImportDeps,
  rows: readonly FileRow[],
  complain: (problem: FileProblem) => void,
): Promise<{ good: FileRow[]; skipped: number }> {
  if (rows.length === 0) return { good: [], skipped: 0 };
  const ids = rows.map(({ paymentId }) => paymentId);
  const known = new Map(
    (
      await deps.store.db
        .selectFrom('payouts')
        .select(['id', 'content', 'project_id'])
        .where('id', 'in', ids)
        .execute()
    ).map((row) => [row.id, row]),
  );
  const taken = new Set(
    (await deps.store.db.selectFrom('payments').select('id').where('id', 'in', ids).execute()).map(
      ({ id }) => id,
    ),
  );
  const payers = await findPayers(deps.store.db, deps.projectId, [
    ...new Set(rows.map(({ customerId }) => customerId)),
  ]);
  const good: FileRow[] = [];
  let skipped = 0;
  for (const row of rows) {
    const { line } = row;
    const earlier = known.get(row.paymentId);
    if (earlier) {
      const reason = onRecord(deps, row, earlier);
      if (reason === null) skipped += 1;
      else complain({ line, column: 'payment_id', reason });
    } else if (taken.has(row.paymentId))
      complain({ line, column: 'payment_id', reason: 'is the id of a payment by a customer' });
    else if (!payers.has(row.customerId))
      complain({
        line,
        column: 'customer_id',
        reason:
          'has not paid before by Coins.ph, GCash, GrabPay or PayMaya, as far as is known ("payers import")',
      });
    else good.push(row);
  }
  return { good, skipped };
}

/** Why a row whose id is on record is not the same row; `null` where it is. */
function onRecord(
  deps: ImportDeps,
  row: FileRow,
  earlier: { content: string; project_id: number },
): string | null {
  if (earlier.project_id !== deps.projectId) return 'is on record, for another project';
  const compared = compareContent(deps.keys, row.content, earlier.content);
  if (compared === 'same') return null;
  // Whoever gave it a new id for this reason alone would pay it twice.
  if (compared === 'incomparable')
    return 'is on record from before a change of SESSION_PASSWORD, and cannot be compared; see "show"';
  return 'is on record with other content; see "show" what became of it before you give it an id of its own';
}

const newPayout = (deps: ImportDeps, batchId: string, row: FileRow) => ({
  id: row.paymentId,
  batch_id: batchId,
  line: row.line,
  project_id: deps.projectId,
  customer_id: row.customerId,
  amount_centavos: row.amountCentavos,
  sealed_recipient: sealRecipient(deps.keys, row.paymentId, row),
  content: contentDigest(deps.keys, row.content),
  state: 'ready' as const,
});

type NewPayout = ReturnType<typeof newPayout>;

/** All of them or none. @throws AppError `payout.imported_meanwhile` */
async function record(
  deps: ImportDeps,
  batchId: string,
  rows: readonly NewPayout[],
  actor: string,
): Promise<void> {
  try {
    await deps.store.transaction(async (tx) => {
      await tx
        .insertInto('payout_batches')
        .values({ id: batchId, state: 'ready', created_by: actor, created_at: nowMs, updated_at: nowMs })
        .execute();
      for (let at = 0; at < rows.length; at += CHUNK)
        await tx
          .insertInto('payouts')
          .values(
            rows.slice(at, at + CHUNK).map((row) => ({
              ...row,
              next_ask_at: nowMs,
              ask_from: nowMs,
              created_at: nowMs,
              updated_at: nowMs,
            })),
          )
          .execute();
      await audit(tx, deps, {
        actor,
        action: 'payout.import',
        subject: batchId,
        evidence: `${rows.length} payouts`,
      });
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError('payout.imported_meanwhile', {
      message:
        'somebody imported some of these payouts at the same moment; nothing was recorded, import again',
    });
  }
}
