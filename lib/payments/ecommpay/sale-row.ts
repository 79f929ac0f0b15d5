import type { Selectable } from 'kysely';
import { isOneOf } from '../../db/each.ts';
import type { EcommpaySalesTable } from '../../db/schema.ts';
import { type Db, nowMs } from '../../db/store.ts';
import type { GateSale } from '../../ecommpay/gate-sale.ts';
import type { PageSale } from '../../ecommpay/payment-page.ts';

export type SaleRow = Selectable<EcommpaySalesTable>;

export async function findSale(db: Db, paymentId: string): Promise<SaleRow | null> {
  const row = await db
    .selectFrom('ecommpay_sales')
    .selectAll()
    .where('payment_id', '=', paymentId)
    .executeTakeFirst();
  return row ?? null;
}

/** What was sent, as it was sent; `null` once it was wiped. */
export function pageSaleOf(row: SaleRow): PageSale | null {
  return row.interface === 'page' && row.request !== null ? (JSON.parse(row.request) as PageSale) : null;
}

export function gateSaleOf(row: SaleRow): GateSale | null {
  return row.interface === 'gate' && row.request !== null ? (JSON.parse(row.request) as GateSale) : null;
}

/** Pauses between questions about these payments start anew from now. */
export async function askFromNow(db: Db, paymentIds: readonly string[]): Promise<void> {
  if (paymentIds.length === 0) return;
  await db
    .updateTable('ecommpay_sales')
    .set({ ask_from: nowMs })
    .where(isOneOf(db, 'payment_id', paymentIds))
    .execute();
}

const BATCH = 500;

/** E-mail addresses and the wallet's tokens are needed until a payment is final, and no longer. */
export async function wipeSettledSales(db: Db): Promise<void> {
  await db
    .updateTable('ecommpay_sales')
    .set({ request: null, redirect: null })
    .where('payment_id', 'in', (eb) =>
      eb
        .selectFrom('ecommpay_sales as done')
        .innerJoin('payments', 'payments.id', 'done.payment_id')
        .select('done.payment_id')
        .where('done.request', 'is not', null)
        .where('payments.state', 'in', ['approved', 'declined', 'failed'])
        .limit(BATCH),
    )
    .execute();
}
