import type { Settings } from '../base/env.ts';
import { clientAddress } from '../customer-session/client-address.ts';

/**
 * The customer's own network address, which a Gate sale has to name. Known only behind proxies that are counted; in
 * simulator mode, where the customer sits on this machine, it is loopback.
 *
 * @returns `null` where it cannot be known
 */
export function customerAddress(
  headers: Pick<Headers, 'get'>,
  settings: Pick<Settings, 'TRUSTED_PROXY_HOPS' | 'MAYA_MODE'>,
): string | null {
  const known = clientAddress(headers.get('x-forwarded-for'), settings.TRUSTED_PROXY_HOPS);
  return known ?? (settings.MAYA_MODE === 'simulator' ? '127.0.0.1' : null);
}
