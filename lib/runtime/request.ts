import { revalidatePath } from 'next/cache';
import { cookies, headers } from 'next/headers';
import { cache } from 'react';
import { isSecure } from '../base/env.ts';
import { readCookie } from '../customer-session/cookie.ts';
import { type CustomerSession, findSession } from '../customer-session/sessions.ts';
import {
  readVisitor,
  type Visitor,
  visitorCookieName,
  visitorCookieOptions,
  writeVisitor,
} from '../customer-session/visitor.ts';
import type { Owner } from '../orders/order.ts';
import type { Runtime } from './build.ts';
import { isOwnRequest } from './origin.ts';
import { runtime } from './runtime.ts';

/**
 * The runtime and whose request this is, for pages, actions and handlers. A webview that holds a session of ours, live or
 * over, is Maya's: nothing of the other rail opens there.
 */
export type RequestContext = { deps: Runtime; session: CustomerSession | null; visitor: Visitor | null };

export async function requestContext(): Promise<RequestContext> {
  const deps = await runtime();
  const jar = await cookies();
  const row = await readCookie(jar, deps.cookie);
  const session = row === null ? null : await findSession(deps.store.db, row);
  const kept = jar.get(visitorCookieName(isSecure(deps.settings)))?.value;
  const visitor = session || !deps.ecommpay ? null : readVisitor(deps.visitorKeys, kept);
  return { deps, session, visitor };
}

/** The same, asked for once while a page is drawn: layout and page share it. */
export const pageContext = cache(requestContext);

/** The same for an action; `null` where the request did not come from a page of ours. */
export async function actionContext(): Promise<RequestContext | null> {
  const deps = await runtime();
  return isOwnRequest(await headers(), deps.settings.APP_URL) ? requestContext() : null;
}

/** Somebody without a cookie yet: has no cart and no orders. */
const NOBODY: Owner = { row: 'nobody', customerId: null };

/** Who shops: a customer inside Maya, or whoever came by an ordinary browser where the second rail is on. */
export type Shopper = { owner: Owner; inMaya: boolean };

/** @returns `null` for who cannot shop: no session, or one that is over, and no other rail for this browser */
export function shopperOf({ deps, session, visitor }: RequestContext): Shopper | null {
  if (session) return session.live ? { owner: session, inMaya: true } : null;
  return deps.ecommpay ? { owner: visitor ?? NOBODY, inMaya: false } : null;
}

/** The visitor of this browser, known by a cookie from now on. For actions. */
export async function rememberVisitor({ deps, visitor }: RequestContext): Promise<Visitor> {
  if (visitor) return visitor;
  const id = deps.ids.key();
  const secure = isSecure(deps.settings);
  (await cookies()).set(
    visitorCookieName(secure),
    writeVisitor(deps.visitorKeys, id),
    visitorCookieOptions(secure),
  );
  return { row: id, customerId: null };
}

/**
 * What the browser's own memory of pages holds is out of date after an action, a page with Pay on it above all. Only
 * Next's client keeps such a memory; a form that was sent without JavaScript has none.
 */
export async function forgetOldPages(): Promise<void> {
  if ((await headers()).has('next-action')) revalidatePath('/', 'layout');
}
