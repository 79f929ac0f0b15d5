import { type NextRequest, NextResponse } from 'next/server';
import { answerInstead } from '#lib/runtime/answer-instead.ts';
import { pageHeaders } from '#lib/runtime/page-headers.ts';
import { processSettings } from '#lib/runtime/runtime.ts';
import { cookieOfFirstPage } from '#lib/runtime/visitor-cookie.ts';

/**
 * Gives each page its nonce and policy, which a config file cannot: it is frozen at build. And a browser its cookie,
 * which a page cannot set. Where no page can be, it says so. It decides nothing.
 */
export async function proxy(request: NextRequest): Promise<Response> {
  const settings = processSettings();
  const instead = await answerInstead(request, settings);
  if (instead) return instead;
  const { nonce, policy, response: headers } = pageHeaders();
  const forwarded = new Headers(request.headers);
  forwarded.set('x-nonce', nonce);
  forwarded.set('content-security-policy', policy);
  const response = NextResponse.next({ request: { headers: forwarded } });
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  const cookie = cookieOfFirstPage(
    {
      method: request.method,
      path: request.nextUrl.pathname,
      search: request.nextUrl.searchParams,
      headers: request.headers,
      cookie: (name) => request.cookies.get(name)?.value,
    },
    settings,
  );
  if (cookie) response.cookies.set(cookie.name, cookie.value, cookie.options);
  return response;
}

/** Pages only. On a matched route Next reads the whole body first, so the addresses that machines call stay out. */
export const config = { matcher: ['/((?!api/|launch|handover/|art/|_next/|favicon.ico|icon.svg).*)'] };
