import { guardedCall } from '#lib/runtime/guarded.ts';
import { orderState } from '#lib/runtime/handlers.ts';

/** The state of one's own order, for the page that follows it. */
export async function GET(request: Request, { params }: { params: Promise<{ order: string }> }) {
  const { order } = await params;
  return guardedCall({ method: 'GET', route: '/api/orders' }, () => orderState(request, order));
}
