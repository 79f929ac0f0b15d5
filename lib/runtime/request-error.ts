import { errorFields, processLog } from '../base/log.ts';

/** Logs an error that reached Next, under the reference that the customer was shown. */
export function reportRequestError(error: unknown, request: { method: string; route: string }): void {
  const digest = (error as { digest?: unknown } | null)?.digest;
  processLog().error('request.failed', {
    ...request,
    digest: typeof digest === 'string' ? digest : undefined,
    ...errorFields(error),
  });
}
