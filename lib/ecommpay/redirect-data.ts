import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

/** Where a Gate sale sends the customer on, and how (contract 4.3). */
export type Redirect =
  | { method: 'GET'; url: string }
  /** A form that the customer's browser sends. */
  | { method: 'POST'; url: string; fields: Record<string, string> };

const MAX_URL = 4_096;
const MAX_FIELDS = 50;

const scalar = z
  .union([z.string(), z.number(), z.bigint(), z.boolean()])
  .transform(String)
  .pipe(z.string().max(8_192));

const schema = z.object({
  url: z.string().max(MAX_URL),
  method: z
    .string()
    .transform((text) => text.toUpperCase())
    .pipe(z.enum(['GET', 'POST']))
    .default('GET'),
  // Empty, it comes as an object or as a list.
  body: z
    .union([z.array(z.never()).transform(() => ({})), z.record(z.string().min(1).max(255), scalar)])
    .default({}),
});

/**
 * Reads `redirect_data`. No host is pinned, for aggregators stand in between; but it must be https, a public host, and a
 * flat form.
 *
 * @param alsoOrigin an origin that is let through as it is: the simulator's, in its mode
 * @returns `null` for anything else: nobody is sent there
 */
export function readRedirect(value: unknown, alsoOrigin?: string): Redirect | null {
  const parsed = schema.safeParse(value);
  if (!parsed.success) return null;
  const { url, method, body } = parsed.data;
  if (!URL.canParse(url)) return null;
  const target = new URL(url);
  if (target.username !== '' || target.password !== '') return null;
  if (target.origin !== alsoOrigin && !(target.protocol === 'https:' && isPublicHost(target.hostname)))
    return null;
  // As the parser wrote it: no tabs, line ends or spaces that a browser would read otherwise.
  if (method === 'GET') return { method, url: target.href };
  if (Object.keys(body).length > MAX_FIELDS) return null;
  return { method, url: target.href, fields: body };
}

const NOT_PUBLIC = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  NOT_PUBLIC.addSubnet(network, bits, 'ipv4');

/** Everything public in IPv6 is global unicast. Addresses that carry an IPv4 address inside are left out. */
const PUBLIC_V6 = new BlockList();
PUBLIC_V6.addSubnet('2000::', 3, 'ipv6');
const EMBEDDED_V4 = new BlockList();
EMBEDDED_V4.addSubnet('2002::', 16, 'ipv6');
EMBEDDED_V4.addSubnet('2001::', 32, 'ipv6');

/** Names of this machine or of a network of one's own. */
const PRIVATE_NAME = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|private|home\.arpa|invalid)$/;

/** @param hostname as `URL` writes it: it has turned `0x7f.1` into `127.0.0.1` already */
function isPublicHost(hostname: string): boolean {
  const name = hostname.replace(/\.$/, '').replace(/^\[|\]$/g, '');
  const family = isIP(name);
  if (family === 4) return !NOT_PUBLIC.check(name, 'ipv4');
  if (family === 6) return PUBLIC_V6.check(name, 'ipv6') && !EMBEDDED_V4.check(name, 'ipv6');
  return /^[^.]+(\.[^.]+)+$/.test(name) && !PRIVATE_NAME.test(name);
}
