import type { Settings } from '../base/env.ts';
import { oncePerProcess } from '../base/process.ts';
import { isOfAnotherBuild, readActionIds } from './known-actions.ts';
import { runtime } from './runtime.ts';
import { StoreWatch } from './store-watch.ts';
import { unavailable } from './unavailable.ts';

/** Read once: a build does not change under a running process. */
const ACTION_IDS = process.env.NODE_ENV === 'development' ? null : readActionIds();

/** A request for a page, or with a form of one, as Next hands it to its proxy. */
export type PageRequest = Request & {
  nextUrl: { pathname: string; search: string };
  cookies: { get(name: string): { value: string } | undefined };
};

/**
 * What a browser is told without JavaScript where Next itself has no page to show: the store is gone, or the form is of
 * a page of another build. With JavaScript the page that is open says so itself (`LostConnection`, `error.tsx`).
 *
 * @returns `null` for everything else
 */
export async function answerInstead(request: PageRequest, settings: Settings): Promise<Response | null> {
  const { headers, method } = request;
  if (headers.has('next-action') || headers.has('rsc')) return null;
  const isForm = method === 'POST';
  if (!(await storeIsThere())) {
    const cookie = (name: string) => request.cookies.get(name)?.value;
    return unavailable({ headers, cookie, isForm }, settings);
  }
  if (!isForm || !(await isOfAnotherBuild(request.clone(), ACTION_IDS))) return null;
  const page = new URL(request.nextUrl.pathname + request.nextUrl.search, settings.APP_URL);
  page.searchParams.set('notice', 'updated');
  return new Response(null, {
    status: 303,
    headers: { Location: page.href, 'Cache-Control': 'private, no-store' },
  });
}

async function storeIsThere(): Promise<boolean> {
  const { store, clock } = await runtime();
  return oncePerProcess('store-watch', () => new StoreWatch(store, clock)).isThere();
}
