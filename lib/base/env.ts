import { z } from 'zod';
import { ecommpayChecks, ecommpayShape } from './env-ecommpay.ts';
import {
  addresses,
  baseUrl,
  isLoopback,
  json,
  keySet,
  oneOf,
  originUrl,
  password,
  privateKeySet,
  shortText,
  url,
  wholeNumber,
} from './env-kinds.ts';
import { FAULT_POINTS } from './fault-points.ts';

/**
 * Settings. One schema reads every variable, and a wrong one stops the start with its name and what to do about it,
 * never with its value. `.env.example` documents each variable.
 */

const FAULT_POINT_HINT =
  'must be the name of a fault point, e.g. execute.answered:1 or execute.answered:1:freeze';

const shape = {
  APP_URL: originUrl,
  PORT: wholeNumber(1, 65_535).optional(),
  DATABASE_URL: z
    .string()
    .regex(/^(file:.+|postgres(ql)?:\/\/.+)$/, 'must be file:<path> or postgres://…')
    .default('file:.data/app.db'),
  SESSION_PASSWORD: password,
  SESSION_PASSWORD_PREVIOUS: password.optional(),
  ALLOW_SIMULATOR: oneOf('0', '1').default('0'),
  FAULT_POINT: z
    .string()
    .regex(/^[^:]+(:[1-9]\d{0,5}(:(kill|freeze))?)?$/, FAULT_POINT_HINT)
    .refine((text) => FAULT_POINTS.some((point) => point === text.split(':')[0]), FAULT_POINT_HINT)
    .optional(),
  SIMULATOR_URL: originUrl.default(new URL('http://localhost:4000')),

  MAYA_MODE: oneOf('simulator', 'sandbox', 'production'),
  MAYA_API_URL: baseUrl,
  MAYA_TOKEN_URL: url,
  MAYA_CLIENT_ID: z.string().min(1),
  MAYA_CLIENT_SECRET: z.string().min(1),
  MAYA_P2M_ID: shortText(255),
  MAYA_X_AUTHORIZATION_PREFIX: z
    .string()
    .regex(/^[\x20-\x7e]{1,20}$/, 'must be at most 20 printable ASCII characters, for they go into a header')
    .default(''),
  MAYA_EXECUTE_BODY: oneOf('{}', 'none').default('{}'),
  MAYA_TOKEN_REQUEST: oneOf('form', 'json').default('form'),
  MAYA_SCOPE: shortText(200).optional(),
  MAYA_PY0010: oneOf('approved', 'review').default('approved'),
  MAYA_AMOUNT_MIN_CENTAVOS: wholeNumber(1, 999_999_999_999).default(100),
  MAYA_AMOUNT_MAX_CENTAVOS: wholeNumber(1, 999_999_999_999).default(10_000_000),
  MAYA_CONNECT_TIMEOUT_MS: wholeNumber(100, 60_000).default(10_000),
  MAYA_TIMEOUT_MS: wholeNumber(100, 120_000).default(20_000),
  MAYA_EXECUTE_TIMEOUT_MS: wholeNumber(100, 300_000).default(60_000),
  PAY_WAIT_MS: wholeNumber(0, 30_000).default(6_000),
  MAYA_PROFILE_DECRYPTION_JWK: json(
    privateKeySet,
    'must be a private JWK (or a set of them) with "alg", as JSON',
  ).optional(),
  MAYA_PROFILE_VERIFICATION_JWKS: json(
    keySet,
    'must be a JWK set of public keys with "alg" each, as JSON',
  ).optional(),

  MAYA_SESSION_URL_SECRET: z
    .string()
    .regex(/^[A-Za-z0-9_-]{22,128}$/, 'must be 22 to 128 letters, digits, - or _ (openssl rand -hex 16)')
    .optional(),
  MAYA_ALLOWED_IPS: addresses.optional(),
  TRUSTED_PROXY_HOPS: wholeNumber(0, 10).default(0),
  SESSION_ID_TTL_SECONDS: wholeNumber(1, 3_600).default(120),
  SESSION_URL_RATE_LIMIT: wholeNumber(1, 1_000_000).default(300),
  SESSION_URL_MAX_UNREDEEMED: wholeNumber(1, 10_000_000).default(50_000),

  ...ecommpayShape,

  MERCHANT_NAME: shortText(80).default('Tala Coffee Roasters'),
  MERCHANT_SUPPORT: shortText(120).default('hello@talacoffee.example'),
};

/** Every variable the application reads, for the test that holds `.env.example` against it. */
export const VARIABLES = Object.keys(shape);

type Raw = z.output<z.ZodObject<typeof shape>>;

/** Checks that need several variables; each names the one to mend. */
function crossChecks(raw: Partial<Raw>, productionBuild: boolean): Problem[] {
  const problems: Problem[] = [];
  const say = (variable: string, problem: string) => problems.push({ variable, problem });
  const mode = raw.MAYA_MODE;
  for (const variable of ['MAYA_API_URL', 'MAYA_TOKEN_URL'] as const) {
    const upstream = raw[variable];
    if (!upstream || !mode) continue;
    if (mode === 'simulator' && !isLoopback(upstream))
      say(variable, 'must be on loopback when MAYA_MODE=simulator');
    if (mode === 'sandbox' && upstream.protocol === 'http:' && !isLoopback(upstream))
      say(variable, 'must be https when MAYA_MODE=sandbox (plain http on loopback only)');
    if (mode === 'production') {
      if (upstream.protocol !== 'https:') say(variable, 'must be https when MAYA_MODE=production');
      if (isLoopback(upstream)) say(variable, 'must not be on loopback when MAYA_MODE=production');
      if (/sandbox/i.test(upstream.host)) say(variable, 'names a sandbox host, but MAYA_MODE=production');
    }
  }
  if (mode === 'production' && raw.APP_URL && raw.APP_URL.protocol !== 'https:')
    say('APP_URL', 'must be https when MAYA_MODE=production');
  if (mode === 'simulator' && productionBuild && raw.ALLOW_SIMULATOR === '0')
    say(
      'ALLOW_SIMULATOR',
      'set it to 1 to run a production build against the simulator, or change MAYA_MODE',
    );
  if (raw.FAULT_POINT && mode !== 'simulator')
    say('FAULT_POINT', 'is for tests: only with MAYA_MODE=simulator');
  if (mode === 'simulator' && raw.SIMULATOR_URL && !isLoopback(raw.SIMULATOR_URL))
    say('SIMULATOR_URL', 'must be on loopback');
  if (raw.MAYA_ALLOWED_IPS && (raw.TRUSTED_PROXY_HOPS ?? 0) < 1)
    say(
      'MAYA_ALLOWED_IPS',
      'needs TRUSTED_PROXY_HOPS of at least 1: without a proxy an address cannot be trusted',
    );
  if (Boolean(raw.MAYA_PROFILE_DECRYPTION_JWK) !== Boolean(raw.MAYA_PROFILE_VERIFICATION_JWKS))
    say(
      raw.MAYA_PROFILE_DECRYPTION_JWK ? 'MAYA_PROFILE_VERIFICATION_JWKS' : 'MAYA_PROFILE_DECRYPTION_JWK',
      'the profile needs both keys: set this one too, or unset the other',
    );
  if ((raw.MAYA_AMOUNT_MIN_CENTAVOS ?? 0) > (raw.MAYA_AMOUNT_MAX_CENTAVOS ?? Number.POSITIVE_INFINITY))
    say('MAYA_AMOUNT_MIN_CENTAVOS', 'must not be above MAYA_AMOUNT_MAX_CENTAVOS');
  ecommpayChecks(raw, say);
  return problems;
}

export type Problem = { variable: string; problem: string };

/** Thrown when settings are wrong. Its message lists variable and mend, one a line, and no values. */
export class SettingsError extends Error {
  readonly problems: Problem[];

  constructor(problems: Problem[]) {
    super(problems.map(({ variable, problem }) => `${variable}: ${problem}`).join('\n'));
    this.name = 'SettingsError';
    this.problems = problems;
  }
}

/** Whichever copy of this module threw it. */
export function isSettingsError(error: unknown): error is SettingsError {
  return error instanceof Error && error.name === 'SettingsError';
}

export type Settings = Readonly<Raw>;

/**
 * @param source the process's environment; an empty variable counts as unset
 * @param productionBuild whether this process serves a production build
 * @throws SettingsError naming every wrong variable at once
 */
export function readSettings(source: Record<string, string | undefined>, productionBuild: boolean): Settings {
  const given = Object.fromEntries(
    VARIABLES.map((name) => [name, source[name]]).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = z.object(shape).safeParse(given);
  const problems = parsed.success ? [] : problemsOf(parsed.error, given);
  const named = new Set(problems.map((problem) => problem.variable));
  const readable = parsed.success ? parsed.data : readOneByOne(given);
  problems.push(...crossChecks(readable, productionBuild).filter(({ variable }) => !named.has(variable)));
  if (problems.length > 0 || !parsed.success) throw new SettingsError(problems);
  return Object.freeze(parsed.data);
}

/**
 * Only these variables, for a command that needs no more.
 *
 * @throws SettingsError
 */
export function readSome<const Name extends keyof Raw>(
  source: Record<string, string | undefined>,
  names: readonly Name[],
): Pick<Raw, Name> {
  const chosen = Object.fromEntries(names.map((name) => [name, true])) as Record<Name, true>;
  const given = Object.fromEntries(names.map((name) => [name, source[name] || undefined]));
  const parsed = z
    .object(shape)
    .pick(chosen as never)
    .safeParse(given);
  if (parsed.success) return parsed.data as unknown as Pick<Raw, Name>;
  throw new SettingsError(problemsOf(parsed.error, given));
}

const problemsOf = (error: z.ZodError, given: Record<string, unknown>): Problem[] =>
  error.issues.map((issue) => {
    const variable = String(issue.path[0]);
    return { variable, problem: given[variable] === undefined ? 'is missing' : issue.message };
  });

/** Those variables that can be read, so that checks across variables are made even beside a wrong one. */
function readOneByOne(given: Record<string, unknown>): Partial<Raw> {
  const readable: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(shape)) {
    const parsed = schema.safeParse(given[name]);
    if (parsed.success) readable[name] = parsed.data;
  }
  return readable as Partial<Raw>;
}

/** The cookie is `Secure` and carries the `__Host-` prefix exactly where the app is served over https. */
export const isSecure = (settings: Pick<Settings, 'APP_URL'>) => settings.APP_URL.protocol === 'https:';
