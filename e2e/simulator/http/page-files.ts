import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';

const FOLDER = path.join(import.meta.dirname, '..', 'page');

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

/** Looked up in the folder's list, so that no address can lead out of it; anew each time, as {@link contentOf} reads. */
function fileAt(pathname: string): string | undefined {
  if (pathname === '/') return 'index.html';
  return readdirSync(FOLDER).find((file) => file !== 'index.html' && pathname === `/page/${file}`);
}

/** Browsers ask for icons and more on their own: what carries no token and is no call to Maya is no violation either. */
export const isBrowsing = ({ method, headers }: IncomingMessage, pathname: string): boolean =>
  (method === 'GET' || method === 'HEAD') && pathname !== '/profile' && headers.authorization === undefined;

/** Only its own files, its own control API, and the app in the frame. */
const policy = (appOrigin: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    'img-src data:',
    `frame-src ${appOrigin}`,
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

type PageOptions = { appUrl: string; merchantName: string };

/** A frame on `localhost` inside a page on `127.0.0.1` is of another site and would get no cookie. */
function properAddress({ headers, url }: IncomingMessage, appUrl: string): string | undefined {
  const host = headers.host ?? '';
  if (new URL(appUrl).hostname !== 'localhost' || /^localhost(:|$)/i.test(host)) return undefined;
  return `http://${host.replace(/^(127\.0\.0\.1|\[::1\])/, 'localhost')}${url}`;
}

export function servePage(
  request: IncomingMessage,
  response: ServerResponse,
  pathname: string,
  { appUrl, merchantName }: PageOptions,
): void {
  const file = fileAt(pathname);
  if (file === undefined) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('There is nothing here.');
    return;
  }
  const proper = properAddress(request, appUrl);
  if (proper !== undefined) {
    response.writeHead(302, { location: proper }).end();
    return;
  }
  response.writeHead(200, {
    'content-type': TYPES[path.extname(file)],
    'cache-control': 'no-store',
    'content-security-policy': policy(new URL(appUrl).origin),
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  });
  response.end(contentOf(file, merchantName));
}

/** Read anew each time: the page can be worked on while the simulator runs. */
function contentOf(file: string, merchantName: string): string {
  const text = readFileSync(path.join(FOLDER, file), 'utf8');
  if (file !== 'index.html') return text;
  const escaped = merchantName.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  return text.replaceAll('{{merchant}}', () => escaped);
}
