import { readCapped } from '../base/capped-body.ts';
import { errorFields, withRequestId } from '../base/log.ts';
import { clientAddress, makeAllowList } from '../customer-session/client-address.ts';
import { type CallbackEvent, readCallback } from '../ecommpay/callbacks/read-callback.ts';
import { keepStray } from '../payments/ecommpay/stray.ts';
import { afterCallback, type PaymentCallback, recordCallbacks } from '../payments/ecommpay/take-callback.ts';
import type { Conclusion } from '../payments/reduce.ts';
import { payoutsAmong, takePayoutCallback } from '../payouts/take-callback.ts';
import type { Runtime } from './build.ts';
import { runtime } from './runtime.ts';

const MAX_BYTES = 64 * 1_024;

/** A callback as it arrived. */
export type CallbackRequest = {
  forwardedFor: string | null;
  contentLength: string | null;
  body: ReadableStream<Uint8Array> | null;
};

/**
 * Answers one callback (contract 7). In order: size, signature, and only then the store. 200 for everything authentic
 * once it is durable, also what is stale, said before, or of no payment of ours; any other answer makes ECommPay send
 * it again.
 */
export async function answerCallback(deps: Runtime, request: CallbackRequest): Promise<Response> {
  const answer = (status: number, text = '') =>
    new Response(text || null, {
      status,
      headers: { 'Cache-Control': 'private, no-store', ...(status === 413 ? { Connection: 'close' } : {}) },
    });
  const rail = deps.ecommpay;
  if (!rail) return answer(404);
  if (!isAllowed(deps, request.forwardedFor)) return answer(403);
  const body = await readCapped(request, MAX_BYTES);
  if (body === 'too_large') return answer(413);
  const read = readCallback(body ?? new Uint8Array(), rail.api.settings, rail.alsoOrigin);
  if (read.kind !== 'authentic') {
    // A flood of forgeries must not fill the log.
    if (deps.badCallbacks.take(deps.clock.monotonic()))
      deps.log.warn('ecommpay.callback_refused', { reason: read.kind });
    return answer(read.kind === 'unreadable' ? 400 : 403);
  }
  try {
    await take(deps, read.event);
    return answer(200, 'OK');
  } catch (error) {
    deps.log.error('ecommpay.callback_not_saved', errorFields(error));
    return answer(500);
  }
}

async function take(deps: Runtime, event: CallbackEvent): Promise<void> {
  if (event.kind === 'without_payment') {
    deps.log.info('ecommpay.callback', { outcome: event.kind });
    return;
  }
  await deps.reach('callback.received');
  const taken = await deps.callbacks.run(event, (events) => takeTogether(deps, events));
  if (taken === 'payout') return takePayoutCallback(deps, event.report);
  if (taken === null) return deps.store.transaction((tx) => keepStray(tx, deps, event.report));
  return afterCallback(deps, event, taken);
}

/** What became of a callback's payment; `payout` where it is none; `null` where it is nothing of ours. */
export type TakenCallback = Conclusion | 'payout' | null;

/** Known by its id: a callback that calls a payout a sale is that payout's, and differs from it. */
async function takeTogether(deps: Runtime, events: readonly PaymentCallback[]): Promise<TakenCallback[]> {
  const isOf = (ids: ReadonlySet<string>) => (event: PaymentCallback) => ids.has(event.report.paymentId);
  const isPayout = isOf(
    await payoutsAmong(
      deps,
      events.map(({ report }) => report.paymentId),
    ),
  );
  const recorded = await recordCallbacks(
    deps,
    events.filter((event) => !isPayout(event)),
  );
  return events.map((event) => (isPayout(event) ? 'payout' : (recorded.shift() ?? null)));
}

function isAllowed(deps: Runtime, forwardedFor: string | null): boolean {
  const { ECOMMPAY_ALLOWED_IPS: allowed, TRUSTED_PROXY_HOPS: hops } = deps.settings;
  if (!allowed) return true;
  const address = clientAddress(forwardedFor, hops);
  return address !== null && makeAllowList(allowed)(address);
}

/** `POST /api/ecommpay/callback` */
export async function receiveCallback(request: Request): Promise<Response> {
  const deps = await runtime();
  return withRequestId(deps.ids.key(), () =>
    answerCallback(deps, {
      forwardedFor: request.headers.get('x-forwarded-for'),
      contentLength: request.headers.get('content-length'),
      body: request.body,
    }),
  );
}
