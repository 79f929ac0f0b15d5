import { z } from 'zod';
import type { Credentials } from './ecommpay/world.ts';
import type { ProfileKeys } from './http/profile-seal.ts';
import type { SimulatorOptions } from './start.ts';

/** What `npm run simulator` reads from the environment. Empty counts as unset. */

const DEFAULT_PORT = '4000';
const DEFAULT_APP_URL = 'http://localhost:3000';

const origin = z
  .url({ protocol: /^https?$/, error: 'must be an http or https address', abort: true })
  .refine(
    (text) => new URL(text).pathname === '/' && !new URL(text).search,
    'must be an origin, without a path',
  );

const key = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue('must be a JWK as JSON');
      return z.NEVER;
    }
  })
  .pipe(z.looseObject({ kty: z.string(), alg: z.string() }));

const variables = z.object({
  SIMULATOR_PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port number')
    .transform(Number)
    .refine((port) => port <= 65_535, 'must be a port number')
    .prefault(DEFAULT_PORT),
  APP_URL: origin.prefault(DEFAULT_APP_URL),
  MERCHANT_NAME: z.string().max(80).default('The shop'),
  MAYA_CLIENT_ID: z.string('is missing'),
  MAYA_CLIENT_SECRET: z.string('is missing'),
  MAYA_P2M_ID: z.string('is missing'),
  MAYA_SESSION_URL_SECRET: z
    .string()
    .regex(/^[\w-]+$/, 'must be letters, digits, - or _')
    .optional(),
  ECOMMPAY_PROJECT_ID: z
    .string()
    .regex(/^[1-9]\d{0,9}$/, 'must be a whole number')
    .transform(Number)
    .optional(),
  ECOMMPAY_SECRET: z.string().optional(),
  ECOMMPAY_DATA_TOKEN: z.string().optional(),
  ECOMMPAY_DATA_SECRET: z.string().optional(),
  SIMULATOR_PROFILE_ENCRYPTION_JWK: key.optional(),
  SIMULATOR_PROFILE_SIGNING_JWK: key.optional(),
});

/** The second rail is all there, or not at all. */
const environment = variables.superRefine((read, context) => {
  if (read.ECOMMPAY_PROJECT_ID === undefined) return;
  for (const name of ['ECOMMPAY_SECRET', 'ECOMMPAY_DATA_TOKEN', 'ECOMMPAY_DATA_SECRET'] as const) {
    if (read[name] === undefined) context.addIssue({ code: 'custom', path: [name], message: 'is missing' });
  }
});

export type OptionsFromEnvironment =
  | { options: SimulatorOptions; mistakes?: undefined }
  /** One line for each wrong variable, without its value. */
  | { options?: undefined; mistakes: string[] };

function ecommpayIn(read: z.output<typeof variables>): Credentials | undefined {
  const {
    ECOMMPAY_PROJECT_ID: projectId,
    ECOMMPAY_SECRET: secret,
    ECOMMPAY_DATA_TOKEN: dataToken,
    ECOMMPAY_DATA_SECRET: dataSecret,
  } = read;
  if (projectId === undefined || !secret || !dataToken || !dataSecret) return undefined;
  return { projectId, secret, dataToken, dataSecret };
}

export function optionsFrom(given: Readonly<Record<string, string | undefined>>): OptionsFromEnvironment {
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(set);
  if (!parsed.success) {
    return { mistakes: parsed.error.issues.map((issue) => `${String(issue.path[0])} ${issue.message}`) };
  }
  const read = parsed.data;
  const encryption = read.SIMULATOR_PROFILE_ENCRYPTION_JWK;
  const signing = read.SIMULATOR_PROFILE_SIGNING_JWK;
  const profile: ProfileKeys | undefined = encryption && signing ? { encryption, signing } : undefined;
  return {
    options: {
      port: read.SIMULATOR_PORT,
      appUrl: read.APP_URL,
      merchantName: read.MERCHANT_NAME,
      clientId: read.MAYA_CLIENT_ID,
      clientSecret: read.MAYA_CLIENT_SECRET,
      p2mId: read.MAYA_P2M_ID,
      sessionUrlSecret: read.MAYA_SESSION_URL_SECRET,
      profile,
      ecommpay: ecommpayIn(read),
    },
  };
}
