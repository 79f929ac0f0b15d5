import { readCsv } from '../base/csv.ts';
import { nowMs } from '../db/store.ts';
import { audit } from './audit.ts';
import type { RecordDeps } from './deps.ts';
import { cellsOf, type FileProblem, type Header, readHeader, readId } from './file-row.ts';
import { PAYER_METHODS } from './payers.ts';

const COLUMNS = ['customer_id', 'method'] as const;
const CHUNK = 200;

type Payer = { customerId: string; method: string };

export type PayersImported = {
  rows: number;
  added: number;
  problems: number;
  /** The first line that is not CSV: behind it a cell's content may look like a row, so nothing of the file is recorded. */
  unreadableLine: number | null;
};

/**
 * Records which customers have paid by a method that this project does not see. A good row counts whatever the others
 * are, for the list only ever grows; but none does before it is known that each row could be told from the next.
 */
export async function importPayers(
  deps: RecordDeps & { projectId: number },
  source: AsyncIterable<Uint8Array | string>,
  options: { actor: string; onProblem: (problem: FileProblem) => void },
): Promise<PayersImported> {
  const result: PayersImported = { rows: 0, added: 0, problems: 0, unreadableLine: null };
  const complain = (problem: FileProblem) => {
    result.problems += 1;
    options.onProblem(problem);
  };
  let header: Header | undefined;
  const good: Payer[] = [];
  for await (const record of readCsv(source)) {
    if (record.kind === 'broken') result.unreadableLine ??= record.line;
    if (!header) {
      const { line } = record;
      const first =
        record.kind === 'row'
          ? readHeader(record, COLUMNS, COLUMNS)
          : { header: new Map(), problems: [{ line, column: 'header', reason: record.reason }] };
      for (const problem of first.problems) complain(problem);
      if (first.problems.length > 0) return result;
      header = first.header;
      continue;
    }
    result.rows += 1;
    const { cell, problems } = cellsOf(header, record);
    const customerId = readId(cell('customer_id'));
    const method = cell('method').toLowerCase();
    const { line } = record;
    if (problems.length === 0 && Array.isArray(customerId))
      problems.push(...customerId.map((reason) => ({ line, column: 'customer_id', reason })));
    if (problems.length === 0 && !PAYER_METHODS.some((known) => known === method))
      problems.push({ line, column: 'method', reason: `must be one of ${PAYER_METHODS.join(', ')}` });
    for (const problem of problems) complain(problem);
    if (problems.length === 0) good.push({ customerId: String(customerId), method });
  }
  if (!header) complain({ line: 1, column: 'file', reason: 'is empty' });
  if (result.unreadableLine !== null) return result;
  for (let at = 0; at < good.length; at += CHUNK)
    result.added += await add(deps, good.slice(at, at + CHUNK), options.actor);
  await deps.store.transaction((tx) =>
    audit(tx, deps, {
      actor: options.actor,
      action: 'payout.payers_import',
      subject: String(deps.projectId),
      evidence: `${result.added} new of ${result.rows}`,
    }),
  );
  return result;
}

async function add(
  deps: RecordDeps & { projectId: number },
  payers: readonly Payer[],
  actor: string,
): Promise<number> {
  const added = await deps.store.db
    .insertInto('payout_payers')
    .values(
      payers.map(({ customerId, method }) => ({
        project_id: deps.projectId,
        customer_id: customerId,
        method,
        imported_at: nowMs,
        imported_by: actor,
      })),
    )
    .onConflict((conflict) => conflict.columns(['project_id', 'customer_id', 'method']).doNothing())
    .returning('customer_id')
    .execute();
  return added.length;
}
