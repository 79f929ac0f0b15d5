import type { MayaCall } from './kinds.ts';

/** Which call a path is. */
export function nameOf(path: string): MayaCall {
  if (path.endsWith('/execute')) return 'execute';
  if (path === '/merchant/payments') return 'create';
  if (path === '/tokens') return 'tokens';
  return path === '/profile' ? 'profile' : 'client_token';
}

/** The start of an answer, with tokens left out. */
export const short = (body: string) => body.replace(/eyJ[\w.-]*/g, '…').slice(0, 80);

export const shortPath = (path: string) => path.split('/')[3]?.slice(0, 8) ?? '';
