import { randomBytes } from 'node:crypto';
import { isSecure } from '../base/env.ts';
import { processSettings } from './runtime.ts';
import { styleHashes } from './style-hashes.ts';

/** Read once: a build does not change under a running process. */
const HASHES = process.env.NODE_ENV === 'development' ? [] : styleHashes();

export type PageHeaders = { nonce: string; policy: string; response: Record<string, string> };

/** Headers of one page. Only `next dev` gets `unsafe-*`, which it needs; framing is for the simulator's phone alone. */
export function pageHeaders(): PageHeaders {
  const settings = processSettings();
  const nonce = randomBytes(16).toString('base64');
  const development = process.env.NODE_ENV === 'development';
  const ancestors = settings.MAYA_MODE === 'simulator' ? settings.SIMULATOR_URL.origin : "'none'";
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    development
      ? "style-src 'self' 'unsafe-inline'"
      : ["style-src 'self'", `'nonce-${nonce}'`, ...HASHES].join(' '),
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${development ? ' ws:' : ''}`,
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    `frame-ancestors ${ancestors}`,
  ].join('; ');
  const response: Record<string, string> = {
    'Content-Security-Policy': policy,
    'Cache-Control': 'private, no-store',
  };
  if (isSecure(settings)) response['Strict-Transport-Security'] = 'max-age=31536000';
  return { nonce, policy, response };
}
