import { sha256Hex } from '#lib/base/ids.ts';
import { land } from '#lib/customer-session/landing.ts';
import { learnCustomer } from '#lib/customer-session/learn-customer.ts';
import type { HandOffRequest } from '#lib/customer-session/session-url.ts';
import { askForCustomer } from '#lib/payments/sweeper.ts';
import { type Act, FAILED, request } from './stage.ts';

/** The customer taps the tile: hand-off to the Session URL, then the landing page with the cookie of this phone. */
export async function open(act: Act): Promise<void> {
  if (act.device.outside) return void (await visit(act));
  const sessionId = await handOff(act);
  if (sessionId === null) return;
  const { holder } = act.device;
  act.device.sessionIds.push({ id: sessionId, customer: holder });
  await landOn(act, sessionId, holder);
}

/** The first page of the shop in an ordinary browser: a cookie of a visitor. */
async function visit(act: Act): Promise<void> {
  const { outside } = act.device;
  if (!outside || outside.visitor !== null) return;
  const made = await request(act, 'first page', async (runtime) => runtime.ids.key());
  if (made !== FAILED) outside.visitor ??= made;
}

/** Maya's call to the Session URL. Sent again where the answer was lost, as Maya does. */
export async function handOff(act: Act): Promise<string | null> {
  const { world, network, device } = act;
  const launch = network.maya.launch(device.holder);
  if (!launch.call) return null;
  const { number, body } = launch.call;
  const { accessToken, refreshToken } = JSON.parse(body) as { accessToken: string; refreshToken: string };
  const family = network.ranks.open(device.holder, accessToken, refreshToken);
  const answer = await request(act, 'hand-off', async (runtime) => {
    const received = await runtime.sessionUrl.receive(runtime, asRequest(body));
    if (received.status === 200) await runtime.reach('session.received');
    return received;
  });
  if (answer === FAILED || answer.status !== 200) {
    network.maya.launched(number, { kind: 'timeout' });
    return null;
  }
  const { sessionId } = answer;
  network.maya.launched(number, {
    kind: 'answer',
    status: 200,
    headers: {},
    body: JSON.stringify({ sessionId }),
  });
  const row = world.database.get<{ id: string }>(
    'select id from sessions where session_id_hash = ?',
    sha256Hex(sessionId),
  );
  family.row = row?.id ?? null;
  return sessionId;
}

const asRequest = (body: string): HandOffRequest => ({
  secret: undefined,
  forwardedFor: null,
  contentType: 'application/json',
  contentLength: String(Buffer.byteLength(body)),
  body: null,
  whole: async () => body,
});

/** The landing page; what `lib/runtime/handlers.ts` does around it, without Next. */
export async function landOn(act: Act, sessionId: string, customer: string): Promise<void> {
  const { world, device } = act;
  const held = device.cookie;
  const landed = await request(act, 'landing', async (runtime) => {
    await runtime.reach('session.landed');
    const answer = await land(
      runtime,
      {
        address: new URL(`http://localhost:3000/launch?sessionId=${sessionId}`),
        pathSegments: [],
        secFetchDest: 'document',
        secPurpose: null,
        heldRow: held,
      },
      true,
      runtime.wrongIds,
    );
    if (answer.kind === 'redirect' && answer.redeemed) {
      world.judge.redeemed(sessionId);
      if (held !== null) world.reach('a session was replaced');
    }
    if (answer.kind === 'redirect') world.reach(`landed ${answer.to}`);
    const row = answer.kind === 'redirect' ? answer.sessionRow : undefined;
    if (row !== undefined) {
      await runtime.reach('session.redeemed');
      void (async () => {
        const customerId = await learnCustomer(runtime, row);
        if (customerId === null) return;
        world.reach('a customer was learnt');
        await askForCustomer(runtime, customerId);
      })().catch((error: unknown) => world.judge.expectStoreError(error));
    }
    return row;
  });
  if (landed === FAILED || landed === undefined) return;
  device.customer = customer;
  world.note(() => `${device.name} (${customer}) has a session`);
  device.cookie = landed;
  device.page = null;
  device.before = null;
}
