import { readCsv } from '../base/csv.ts';
import { nowMs } from '../db/store.ts';
import { audit } from './audit.ts';
import type { RecordDeps } from './deps.ts';
import { cellsOf, type FileProblem, type Header, readHeader, readId } from './file-row.ts';
import { PAYER_METHODS } from './payers.ts';

const COLUMNS = ['customer_id', 'method'] as const;
const CHUNK = 200;

export type PayersImported = { rows: number; added: number; problems: number };

/**
 * Records which customers have paid by a method that this project does not see. A good row counts whatever the others
 * are: the list only ever grows.
 */
export async function importPayers(
  deps: RecordDeps & { projectId: number },
  source: AsyncIterable<Uint8Array | string>,
  options: { actor: string; onProblem: (problem: FileProblem) => void },
): Promise<PayersImported> {
  const result: PayersImported = { rows: 0, added: 0, problems: 0 };
  const complain = (problem: FileProblem) => {
    result.problems += 1;
    options.onProblem(problem);
  };
  let header: Header | undefined;
  let waiting: { customerId: string; method: string }[] = [];
  const save = async () => {
    result.added += await add(deps, waiting, options.actor);
    waiting = [];
  };
  for await (const record of readCsv(source)) {
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
    if (problems.length === 0) waiting.push({ customerId: String(customerId), method });
    if (waiting.length >= CHUNK) await save();
  }
  await save();
  if (!header) complain({ line: 1, column: 'file', reason: 'is empty' });
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
  payers: readonly { customerId: string; method: string }[],
  actor: string,
): Promise<number> {
  if (payers.length === 0) return 0;
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
