import { revalidatePath } from 'next/cache';
import { cookies, headers } from 'next/headers';
import { cache } from 'react';
import { readCookie } from '../customer-session/cookie.ts';
import { type CustomerSession, findSession } from '../customer-session/sessions.ts';
import type { Runtime } from './build.ts';
import { isOwnRequest } from './origin.ts';
import { runtime } from './runtime.ts';

/** The runtime and whose request this is, for pages, actions and handlers. */
export type RequestContext = { deps: Runtime; session: CustomerSession | null };

export async function requestContext(): Promise<RequestContext> {
  const deps = await runtime();
  const row = await readCookie(await cookies(), deps.cookie);
  return { deps, session: row === null ? null : await findSession(deps.store.db, row) };
}

/** The same, asked for once while a page is drawn: layout and page share it. */
export const pageContext = cache(requestContext);

/** The same for an action; `null` where the request did not come from a page of ours. */
export async function actionContext(): Promise<RequestContext | null> {
  const deps = await runtime();
  return isOwnRequest(await headers(), deps.settings.APP_URL) ? requestContext() : null;
}

/**
 * What the browser's own memory of pages holds is out of date after an action, a page with Pay on it above all. Only
 * Next's client keeps such a memory; a form that was sent without JavaScript has none.
 */
export async function forgetOldPages(): Promise<void> {
  if ((await headers()).has('next-action')) revalidatePath('/', 'layout');
}
