import type { Db } from '../db/store.ts';

/** Payments by these methods make a customer one who may be paid out to (contract 12.3). */
export const PAYER_METHODS = ['coins.ph', 'gcash', 'grabpay', 'paymaya'] as const;

/**
 * Which of these customers paid before in this project: by PayMaya as this store knows it, or by another method as the
 * merchant's list says.
 */
export async function findPayers(
  db: Db,
  projectId: number,
  customerIds: readonly string[],
): Promise<Set<string>> {
  if (customerIds.length === 0) return new Set();
  const listed = await db
    .selectFrom('payout_payers')
    .select('customer_id')
    .distinct()
    .where('project_id', '=', projectId)
    .where('customer_id', 'in', customerIds)
    .execute();
  const paid = await db
    .selectFrom('ecommpay_sales')
    .innerJoin('payments', 'payments.id', 'ecommpay_sales.payment_id')
    .select('ecommpay_sales.customer_id')
    .distinct()
    .where('ecommpay_sales.project_id', '=', projectId)
    .where('ecommpay_sales.customer_id', 'in', customerIds)
    .where('payments.state', '=', 'approved')
    .execute();
  return new Set([...listed, ...paid].map((row) => row.customer_id));
}
