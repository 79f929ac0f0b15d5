import { z } from 'zod';
import type { EcommpayApi } from './api.ts';
import { callDataApi, type NoData } from './data-call.ts';
import { checked, sendableId } from './request-values.ts';

/** The most that one answer holds, and what we ask for. */
export const OPERATIONS_PER_PAGE = 1_000;

/** All times of questions and answers are in this zone. */
const ZONE = 'Asia/Manila';
const ZONE_OFFSET_MS = 8 * 60 * 60 * 1_000;

/**
 * One operation as the Data API lists it. Only these names are documented; what else it carries is kept as it came.
 */
export type ListedOperation = {
  operationId: string;
  paymentId: string;
  createdAt: string | null;
  completedAt: string | null;
  more: Record<string, unknown>;
};

export type Operations =
  | NoData
  /** `more`: whether another page may follow. `skipped`: rows that could not be read. */
  | { kind: 'operations'; operations: ListedOperation[]; skipped: number; more: boolean };

const idText = z.union([z.string().min(1), z.number(), z.bigint()]).transform(String);

const rowSchema = z
  .looseObject({
    operation_id: idText,
    payment_id: idText,
    operation_created_at: z.string().optional(),
    operation_completed_at: z.string().nullish(),
  })
  .transform(
    ({
      operation_id,
      payment_id,
      operation_created_at,
      operation_completed_at,
      ...more
    }): ListedOperation => ({
      operationId: operation_id,
      paymentId: payment_id,
      createdAt: operation_created_at ?? null,
      completedAt: operation_completed_at ?? null,
      more,
    }),
  );

const readRows = (value: Record<string, unknown>, limit: number): Operations | null => {
  if (!Array.isArray(value.operations)) return null;
  const rows = value.operations.map((row) => rowSchema.safeParse(row));
  const operations = rows.flatMap((row) => (row.success ? [row.data] : []));
  return {
    kind: 'operations',
    operations,
    skipped: rows.length - operations.length,
    more: rows.length >= limit,
  };
};

/** `POST /operations/get`: one page of our project's operations of a period (contract 10). */
export function getOperations(
  api: EcommpayApi,
  period: { fromMs: number; toMs: number; offset?: number },
): Promise<Operations> {
  return callDataApi(
    api,
    'operations',
    '/operations/get',
    {
      project_id: [api.settings.projectId],
      interval: { from: inManila(period.fromMs), to: inManila(period.toMs) },
      tz: ZONE,
      limit: OPERATIONS_PER_PAGE,
      offset: period.offset ?? 0,
    },
    (value) => readRows(value, OPERATIONS_PER_PAGE),
  );
}

/**
 * `POST /operations/get-by-payment`: every operation of one payment, for whoever compares it with what is on record here
 * (contract 10). Only the address is documented; its members are taken to be named as those of `/operations/get`.
 *
 * @param paymentId ours. Rows of another payment, or of another project, are left out and counted as `skipped`
 */
export async function getOperationsOfPayment(api: EcommpayApi, paymentId: string): Promise<Operations> {
  const found = await callDataApi<Operations>(
    api,
    'operations_of_payment',
    '/operations/get-by-payment',
    {
      project_id: [api.settings.projectId],
      payment_id: checked(sendableId, paymentId),
      tz: ZONE,
    },
    (value) => readRows(value, OPERATIONS_PER_PAGE),
  );
  if (found.kind !== 'operations') return found;
  const project = String(api.settings.projectId);
  const operations = found.operations.filter(
    ({ paymentId: id, more }) => id === paymentId && String(more.project_id ?? project) === project,
  );
  return { ...found, operations, skipped: found.skipped + found.operations.length - operations.length };
}

/** `YYYY-MM-DD hh:mm:ss`. Manila has had one offset since 1978. */
function inManila(ms: number): string {
  return new Date(ms + ZONE_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
}
