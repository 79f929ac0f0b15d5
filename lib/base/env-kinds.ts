import { isIP } from 'node:net';
import { z } from 'zod';

/** The kinds of values that settings have. Each says what is wrong without repeating the value. */

/** As `URL` writes them: it turns `127.1` and `0x7f000001` into `127.0.0.1`. */
const LOOPBACK_HOST = /^((.+\.)?localhost\.?|127(\.\d+){3}|\[::1\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]+\])$/;

export const isLoopback = (url: URL) => LOOPBACK_HOST.test(url.hostname);

export const url = z.string().transform((text, context) => {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol) || parsed.username || parsed.password) {
    context.addIssue('must be an http or https address without a user name or password in it');
    return z.NEVER;
  }
  return parsed;
});

export const originUrl = url.refine((value) => value.pathname === '/' && !value.search && !value.hash, {
  message: 'must be an origin only, such as https://shop.example.ph, without a path',
});

export const baseUrl = url.refine((value) => !value.search && !value.hash, {
  message: 'must be an address to which paths are added, without a query or a fragment',
});

export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, { message: `must be between ${min} and ${max}` });

export const shortText = (max: number) => z.string().max(max, `must have at most ${max} characters`);

export const password = z.string().min(32, 'must have at least 32 characters (openssl rand -base64 32)');

const address = z.string().refine((text) => {
  const [ip = '', bits, ...more] = text.split('/');
  const family = isIP(ip);
  if (!family || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}, 'must be IP addresses or ranges such as 203.0.113.7,198.51.100.0/24, separated by commas');

const jwk = z
  .object({ kty: z.string(), alg: z.string(), kid: z.string().optional() })
  .catchall(z.unknown())
  .refine((key) => key.alg !== 'none', 'must not allow the algorithm "none"');

export const json = <T extends z.ZodType>(schema: T, hint: string) =>
  z.string().transform((text, context): z.output<T> => {
    try {
      const parsed = schema.safeParse(JSON.parse(text));
      if (parsed.success) return parsed.data;
    } catch {
      // answered below, like any other wrong text
    }
    context.addIssue(hint);
    return z.NEVER;
  });

export const keySet = z.union([
  z.object({ keys: z.array(jwk).min(1) }),
  jwk.transform((key) => ({ keys: [key] })),
]);

/** Keys that can decrypt: a public one cannot. */
export const privateKeySet = keySet.refine(({ keys }) =>
  keys.every((key) => key.kty === 'oct' || typeof key.d === 'string'),
);

export const oneOf = <const T extends [string, ...string[]]>(...values: T) =>
  z.enum(values, { error: () => `must be one of: ${values.map((value) => value || '(empty)').join(', ')}` });

/** IP addresses and ranges, separated by commas. */
export const addresses = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(z.array(address));
