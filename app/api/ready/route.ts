import { readiness } from '#lib/runtime/handlers.ts';

/** The store is reachable and migrated, and the process is not stopping. */
export const dynamic = 'force-dynamic';

export const GET = () => readiness();
