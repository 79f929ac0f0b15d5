import { guardedPage } from '#lib/runtime/guarded.ts';
import { handOver } from '#lib/runtime/handover.ts';

/** Takes the customer on to ECommPay or the wallet. */
export async function GET(request: Request, { params }: { params: Promise<{ order: string }> }) {
  const { order } = await params;
  return guardedPage('/handover', () => handOver(request, order));
}
