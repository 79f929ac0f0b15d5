import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import type { Ecommpay } from '../../ecommpay/ecommpay.ts';
import { readBody } from '../body.ts';
import { deliver } from '../deliver.ts';

/** Gate, the Data API and the hosted pages. */
export const isOfEcommpay = (pathname: string): boolean => /^\/(?:v1|v2|payment)(?:\/|$)/.test(pathname);

/** Pages that a link or form on another site's page may lead to: the Payment Page to look at, and the wallet's. */
export const isOpenToOthers = ({ method }: IncomingMessage, pathname: string): boolean =>
  pathname === '/payment/wallet' || (pathname === '/payment' && method === 'GET');

const CSS = path.join(import.meta.dirname, '..', '..', 'ecommpay', 'hosted', 'page.css');
const CSS_ADDRESS = '/payment/page.css';

/** No script at all. A form's redirect leads to the merchant, so that forms may lead anywhere. */
const PAGE_HEADERS: Record<string, string> = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src data:; form-action http: https:; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Carries one call to the model and its reply back. */
export async function serveEcommpay(
  ecommpay: Ecommpay,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.url === CSS_ADDRESS) {
    response.writeHead(200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'no-store' });
    response.end(readFileSync(CSS));
    return;
  }
  const body = await readBody(request);
  if (body === undefined) {
    response.writeHead(413).end();
    return;
  }
  // As for Maya: a connection that the caller closed must count as closed before its next call is heard.
  await nextTurn();
  const reply = ecommpay.handle({
    method: request.method ?? '',
    path: request.url ?? '',
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : value,
      ]),
    ),
    body,
  });
  if (request.url?.startsWith('/payment')) {
    for (const [name, value] of Object.entries(PAGE_HEADERS)) response.setHeader(name, value);
  }
  ecommpay.ended(reply.number, await deliver(response, reply, NEVER_SEALS));
}

/** There are no profiles on this rail. */
const NEVER_SEALS = () => Promise.reject(new Error('ECommPay has no profiles'));
