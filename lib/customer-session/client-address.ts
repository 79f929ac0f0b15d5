import { BlockList, isIP } from 'node:net';

/**
 * The address of the client as the outermost trusted proxy saw it. A client can write anything into
 * `X-Forwarded-For`; only the entries that our own proxies appended, counted from the right, can be believed.
 *
 * @param hops number of trusted proxies in front of this server; 0 means no address can be known
 */
export function clientAddress(forwardedFor: string | null, hops: number): string | null {
  if (hops < 1 || forwardedFor === null) return null;
  const entries = forwardedFor.split(',').map((entry) => entry.trim());
  const address = entries.at(-hops);
  if (!address) return null;
  const bare = address.replace(/^\[(.+)\](:\d+)?$/, '$1').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');
  return isIP(bare) ? bare : null;
}

/** Addresses and ranges, IPv4 and IPv6; an IPv4-mapped IPv6 address counts as its IPv4 address. */
export function makeAllowList(entries: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const entry of entries) {
    const [ip = '', bits] = entry.split('/');
    const family = isIP(ip) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(ip, family);
    else list.addSubnet(ip, Number(bits), family);
  }
  return (address) => {
    const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
    const plain = mapped ?? address;
    return list.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
  };
}
