import { guardedPage } from '#lib/runtime/guarded.ts';
import { landing } from '#lib/runtime/handlers.ts';

/** The landing page that Maya opens in its webview: redeems the `sessionId` and goes on to the shop. */
export async function GET(request: Request, { params }: { params: Promise<{ rest?: string[] }> }) {
  const { rest = [] } = await params;
  return guardedPage('/launch', () => landing(request, rest));
}

/** Written out, since Next would serve it from GET: looking at a link must not spend it. */
export function HEAD() {
  return new Response(null, { status: 204, headers: { 'Cache-Control': 'private, no-store' } });
}
