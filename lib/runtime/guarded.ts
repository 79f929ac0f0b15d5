import { cookies, headers } from 'next/headers';
import { redirect, unstable_rethrow } from 'next/navigation';
import { pageOfRequest } from './origin.ts';
import { reportRequestError } from './request-error.ts';
import { processSettings } from './runtime.ts';
import { unavailable } from './unavailable.ts';

/**
 * Carries an action out. Where it breaks off and the browser has no JavaScript to say so, the customer goes back to the
 * page, which shows how things stand now, instead of to an empty page. Whether anything was done is not known here.
 */
export async function guardedAction<T>(route: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    unstable_rethrow(error);
    const asked = await headers();
    if (asked.has('next-action')) throw error;
    reportRequestError(error, { method: 'POST', route });
    const back = new URL(pageOfRequest(asked, processSettings().APP_URL), 'http://page');
    back.searchParams.set('notice', 'trouble');
    return redirect(back.pathname + back.search);
  }
}

/** Answers an address that a customer's browser opens; with a page that says so where our own side fails. */
export async function guardedPage(route: string, answer: () => Promise<Response>): Promise<Response> {
  try {
    return await answer();
  } catch (error) {
    unstable_rethrow(error);
    reportRequestError(error, { method: 'GET', route });
    const jar = await cookies();
    return unavailable(
      { headers: await headers(), cookie: (name) => jar.get(name)?.value, isForm: false },
      processSettings(),
    );
  }
}

/** Answers an address that machines and scripts call; 503 where our own side fails. */
export async function guardedCall(
  route: { method: string; route: string },
  answer: () => Promise<Response>,
): Promise<Response> {
  try {
    return await answer();
  } catch (error) {
    unstable_rethrow(error);
    reportRequestError(error, route);
    return Response.json(
      { code: 'unavailable' },
      { status: 503, headers: { 'Cache-Control': 'private, no-store', 'Retry-After': '1' } },
    );
  }
}
