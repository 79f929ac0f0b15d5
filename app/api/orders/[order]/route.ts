import { orderState } from '#lib/runtime/handlers.ts';

/** The state of one's own order, for the page that follows it. */
export async function GET(request: Request, { params }: { params: Promise<{ order: string }> }) {
  return orderState(request, (await params).order);
}
