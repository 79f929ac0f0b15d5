import type { Maya } from '../maya/maya.ts';
import type { LaunchResult, SessionUrlAnswer, SessionUrlCall } from '../maya/session-url.ts';

/** The customer taps the tile: the true hand-off, over the network. */
export async function launch(maya: Maya, customerId: string, limitMs: number): Promise<LaunchResult> {
  const started = maya.launch(customerId);
  if (!started.call) return started.result;
  return maya.launched(started.call.number, await callSessionUrl(started.call, limitMs));
}

async function callSessionUrl(call: SessionUrlCall, limitMs: number): Promise<SessionUrlAnswer> {
  try {
    const response = await fetch(call.url, {
      method: 'POST',
      headers: { ...call.headers, 'accept-encoding': 'identity' },
      body: call.body,
      redirect: 'manual',
      signal: AbortSignal.timeout(limitMs),
    });
    return {
      kind: 'answer',
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') return { kind: 'timeout' };
    return {
      kind: 'unreachable',
      detail: `${new URL(call.url).origin} can't be reached (${reasonOf(error)}).`,
    };
  }
}

/** Such as ECONNREFUSED, which `fetch` hides in the cause of its own error. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (typeof cause === 'object' && cause !== null && 'code' in cause) return String(cause.code);
  return 'no connection';
}
