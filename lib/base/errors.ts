/**
 * The base of every error this project throws on purpose. Errors are thrown inside `lib` and turned into data at
 * the action's or handler's edge; neither `message` nor `cause` ever reaches a customer.
 */
export class AppError extends Error {
  /** Stable, for logs, tests and staff. Lower case with dots, e.g. `maya.client_refused`. */
  readonly code: string;
  /** Whether doing the same again later can help. */
  readonly retryable: boolean;

  constructor(code: string, options: { message?: string; retryable?: boolean; cause?: unknown } = {}) {
    super(options.message ?? code, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}

/**
 * Whether this is an error of ours with such a code. Next keeps several copies of a module in one process, so an error
 * made by one copy is no `instanceof` another copy's class; a code is the same everywhere.
 */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && codes.includes(String((error as { code?: unknown }).code));
}

/** The code of an error of ours, or of Node's or the store's; else its class. Never its message. */
export function errorCode(error: unknown): string {
  if (error instanceof Error) {
    const code = (error as { code?: unknown }).code;
    if (typeof code === 'string' && /^[\w.:-]{1,60}$/.test(code)) return code;
    return error.name;
  }
  return typeof error;
}
