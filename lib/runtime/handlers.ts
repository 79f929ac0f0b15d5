import { cookies } from 'next/headers';
import { after } from 'next/server';
import { isLocale } from '../base/locale.ts';
import { errorFields, withRequestId } from '../base/log.ts';
import { readCookie, writeCookie } from '../customer-session/cookie.ts';
import { land } from '../customer-session/landing.ts';
import { learnCustomer } from '../customer-session/learn-customer.ts';
import { countOpenAlarms } from '../db/alarms.ts';
import { pendingMigrations } from '../db/migrate.ts';
import { askForCustomer } from '../payments/sweeper.ts';
import type { Runtime } from './build.ts';
import { rememberLocale } from './i18n.ts';
import { accessOrder } from './order-access.ts';
import { requestContext } from './request.ts';
import { runtime } from './runtime.ts';

/** What stands behind the addresses of `app/`: reads the request, calls one function, answers. */

const NO_STORE = { 'Cache-Control': 'private, no-store' };

export function methodNotAllowed(allowed: string): Response {
  return new Response(null, { status: 405, headers: { ...NO_STORE, Allow: allowed } });
}

/** `POST /api/maya/session[/<secret>]` */
export async function handOff(request: Request, segments: readonly string[]): Promise<Response> {
  const deps = await runtime();
  return withRequestId(deps.ids.key(), async () => {
    const started = deps.clock.monotonic();
    const answer =
      segments.length > 1
        ? ({ status: 404, code: 'not_found' } as const)
        : await deps.sessionUrl
            .receive(deps, {
              secret: segments[0],
              forwardedFor: request.headers.get('x-forwarded-for'),
              contentType: request.headers.get('content-type'),
              contentLength: request.headers.get('content-length'),
              body: request.body,
              whole: () => request.text(),
            })
            .catch((error: unknown) => {
              deps.log.error('session.not_taken', errorFields(error));
              return { status: 503, code: 'unavailable', retryAfterSeconds: 1 } as const;
            });
    if (answer.status === 200) await deps.reach('session.received');
    deps.log[answer.status === 200 ? 'info' : 'warn']('session.handed_off', {
      reference: uuidOrNothing(request.headers.get('request-reference-no')),
      status: answer.status,
      code: 'code' in answer ? answer.code : undefined,
      durationMs: Math.round(deps.clock.monotonic() - started),
    });
    const headers: Record<string, string> = { ...NO_STORE };
    if ('retryAfterSeconds' in answer) headers['Retry-After'] = String(answer.retryAfterSeconds);
    if (answer.status === 413) headers.Connection = 'close';
    const body = answer.status === 200 ? { sessionId: answer.sessionId } : { code: answer.code };
    return Response.json(body, { status: answer.status, headers });
  });
}

const uuidOrNothing = (text: string | null) =>
  text !== null && /^[0-9a-f-]{36}$/i.test(text) ? text.toLowerCase() : undefined;

/** `GET /launch?sessionId=…` */
export async function landing(request: Request, segments: readonly string[]): Promise<Response> {
  const deps = await runtime();
  const jar = await cookies();
  await deps.reach('session.landed');
  const answer = await land(
    deps,
    {
      address: new URL(request.url),
      pathSegments: segments,
      secFetchDest: request.headers.get('sec-fetch-dest'),
      secPurpose: request.headers.get('sec-purpose') ?? request.headers.get('purpose'),
      heldRow: await readCookie(jar, deps.cookie),
    },
    deps.settings.MAYA_MODE === 'simulator',
    deps.wrongIds,
  );
  if (answer.kind === 'refused') return new Response(null, { status: answer.status, headers: NO_STORE });
  // The simulator's phone says which language it is set to; a browser does that by Accept-Language.
  const language = new URL(request.url).searchParams.get('lang');
  if (isLocale(language)) await rememberLocale(deps.settings, language);
  if (answer.sessionRow !== undefined) {
    const { sessionRow } = answer;
    await deps.reach('session.redeemed');
    await writeCookie(jar, deps.cookie, sessionRow);
    deps.log.info('session.redeemed', { account: sessionRow });
    after(() => meet(deps, sessionRow));
  }
  return new Response(null, { status: 303, headers: { ...NO_STORE, Location: answer.to } });
}

/** Learns who the customer is, and asks again about payments that waited for this customer's tokens. */
async function meet(deps: Runtime, sessionRow: string): Promise<void> {
  const customerId = await learnCustomer(deps, sessionRow);
  if (customerId !== null) await askForCustomer(deps, customerId);
}

/** `GET /api/orders/<order>`, for its customer or with the key of its private link */
export async function orderState(request: Request, id: string): Promise<Response> {
  const key = new URL(request.url).searchParams.get('key') ?? undefined;
  const access = await accessOrder(await requestContext(), id, key);
  if (!access) return Response.json({ code: 'not_found' }, { status: 404, headers: NO_STORE });
  const { state, duplicate, updatedAtMs } = access.status;
  return Response.json(
    { state, duplicatePaid: duplicate !== null, updatedAt: updatedAtMs },
    { headers: NO_STORE },
  );
}

/** `GET /api/ready` */
export async function readiness(): Promise<Response> {
  const deps = await runtime();
  const answer = (ready: boolean, more: object) =>
    Response.json({ ready, ...more }, { status: ready ? 200 : 503, headers: NO_STORE });
  if (deps.stopping.aborted) return answer(false, { code: 'stopping' });
  try {
    const pending = await pendingMigrations(deps.store);
    if (pending.length > 0) return answer(false, { code: 'not_migrated' });
    if (!(await takesWrites(deps))) return answer(false, { code: 'store_not_writable' });
    return answer(true, { openAlarms: await countOpenAlarms(deps.store.db) });
  } catch (error) {
    deps.log.warn('store.unreachable', errorFields(error));
    return answer(false, { code: 'store_unreachable' });
  }
}

/** A store that only answers, on a full disk for one, can take no payment. */
async function takesWrites({ writes, store, log }: Runtime): Promise<boolean> {
  try {
    return await writes.takesWrites(store);
  } catch (error) {
    log.warn('store.not_writable', errorFields(error));
    return false;
  }
}
