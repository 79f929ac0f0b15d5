import type { Fetch } from '#lib/base/http.ts';
import { type Ids, systemIds } from '#lib/base/ids.ts';
import type { Log } from '#lib/base/log.ts';
import { sealTokens } from '#lib/customer-session/sealing.ts';
import { type CustomerSession, findSession } from '#lib/customer-session/sessions.ts';
import { nowMs } from '#lib/db/store.ts';
import { findOrder, type Order, type OrderLine } from '#lib/orders/order.ts';
import { placeOrder } from '#lib/orders/place-order.ts';
import { buildRuntime, type Runtime } from '#lib/runtime/build.ts';
import { testSettings } from './settings.ts';
import { makeTestLog } from './test-log.ts';
import { openTestStore, type TestStore } from './test-store.ts';

/** One process's runtime on a test store, with the network's edge replaced by a function. */
export type Rig = {
  test: TestStore;
  deps: Runtime;
  lines: Record<string, unknown>[];
  logText(): string;
  close(): Promise<void>;
};

export async function makeRig(
  fetch: Fetch,
  options: { settings?: Record<string, string>; test?: TestStore; ids?: Ids; log?: Log } = {},
): Promise<Rig> {
  const test = options.test ?? (await openTestStore());
  const { log, lines, text } = makeTestLog();
  const deps = await buildRuntime(testSettings(options.settings), {
    store: test.store,
    clock: test.clock,
    fetch,
    log: options.log ?? log,
    ids: options.ids ?? systemIds,
  });
  return { test, deps, lines, logText: text, close: () => (options.test ? Promise.resolve() : test.close()) };
}

/** A redeemed session whose access token ends `expiresInMs` from now. */
export async function makeSession(
  deps: Runtime,
  options: {
    expiresInMs?: number;
    customerId?: string;
    tokens?: { accessToken: string; refreshToken: string };
  } = {},
): Promise<CustomerSession> {
  const id = deps.ids.key();
  const tokens = options.tokens ?? { accessToken: `access.${id}.0`, refreshToken: `refresh.${id}.0` };
  await deps.store.db
    .insertInto('sessions')
    .values({
      id,
      session_id_hash: deps.ids.secret(),
      received_at: nowMs,
      redeem_until: nowMs,
      redeemed_at: nowMs,
      customer_id: options.customerId ?? null,
      sealed_tokens: sealTokens(deps.sealing, tokens, { sessionRow: id, generation: 0 }),
      access_expires_at: deps.clock.now() + (options.expiresInMs ?? 10 * 60_000),
    })
    .execute();
  const session = await findSession(deps.store.db, id);
  if (!session) throw new Error('the session that was just made is not found');
  return session;
}

export const SAMPLE_LINES: OrderLine[] = [
  { itemId: 'pour-over-set', name: 'Pour-over set', unitCentavos: 149_950, quantity: 1 },
];

let cartVersions = 0;

/** An open order of ₱1,499.50. */
export async function makeOrder(
  deps: Runtime,
  session: CustomerSession,
  lines: OrderLine[] = SAMPLE_LINES,
): Promise<Order> {
  const owner = session;
  cartVersions += 1;
  const id = await placeOrder(deps, owner, cartVersions, lines);
  const order = await findOrder(deps.store.db, id, owner);
  if (!order) throw new Error('the order that was just placed is not found');
  return order;
}
