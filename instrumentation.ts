import type { Instrumentation } from 'next';

/** Runs once in a server process, before it answers. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { startProcess } = await import('#lib/runtime/start.ts');
  startProcess();
}

/** Puts the reference that an error page shows (Next's digest) into the log, with the error's code and place. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { reportRequestError } = await import('#lib/runtime/request-error.ts');
  reportRequestError(error, { method: request.method, route: context.routePath });
};
