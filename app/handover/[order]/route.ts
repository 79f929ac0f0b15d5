import { handOver } from '#lib/runtime/handover.ts';

/** Takes the customer on to ECommPay or the wallet. */
export async function GET(request: Request, { params }: { params: Promise<{ order: string }> }) {
  return handOver(request, (await params).order);
}
