import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AMOUNT, type Edge, freshEdge, makeEcommpayRig, makeVisitor } from '#e2e/rig/ecommpay-shopper.ts';
import { deliver, type Known, signedMessage } from '#e2e/rig/fake-ecommpay.ts';
import { makeRig, type Rig } from '#e2e/rig/rig.ts';
import { startPagePayment } from '../payments/ecommpay/start-page.ts';
import { answerCallback } from './ecommpay-callback.ts';

let edge: Edge;
let rig: Rig;

beforeAll(async () => {
  rig = await makeEcommpayRig(() => edge);
  // Events are relayed where a test says so.
  rig.deps.announced = () => {};
});
afterAll(() => rig.close());
beforeEach(() => {
  edge = freshEdge();
});

/** A customer who is on the Payment Page. */
async function onThePage() {
  const visitor = await makeVisitor(rig);
  await startPagePayment(rig.deps, visitor.buyer, visitor.order, visitor.order.version);
  const { id } = await visitor.payment();
  const callback = (status: string, changes: Partial<Known> = {}) =>
    signedMessage(id, { status, amount: AMOUNT, ...changes });
  return { ...visitor, id, callback };
}

describe('E4: what is not authentic reaches no store', () => {
  /** Any use of the store throws. */
  const without = () => ({
    ...rig.deps,
    store: new Proxy(rig.deps.store, {
      get: () => {
        throw new Error('the store was used');
      },
    }),
  });

  test.each<[string, number, string | Uint8Array]>([
    ['another secret', 403, signedMessage('p', { status: 'success', amount: AMOUNT }, 'x')],
    ['no signature', 403, '{"payment":{"id":"p","status":"success"}}'],
    ['not JSON', 400, 'payment=p'],
    ['nothing', 400, ''],
    ['a member twice', 400, '{"payment":1,"payment":2,"signature":"x"}'],
    ['not UTF-8', 400, Buffer.from([0x7b, 0xff, 0x7d])],
    ['E8: 64 KB and a byte', 413, ' '.repeat(64 * 1_024 + 1)],
    ['E8: 10 MB', 413, ' '.repeat(10 * 1_024 * 1_024)],
  ])('%s: %i, and not a word why', async (_name, status, body) => {
    const answer = await answerCallback(without(), {
      forwardedFor: null,
      contentLength: null,
      body: new Blob([body as string]).stream(),
    });
    expect([answer.status, await answer.text()]).toEqual([status, '']);
    expect(
      [...answer.headers.keys()].filter((name) => !['cache-control', 'connection'].includes(name)),
    ).toEqual([]);
  });

  test('E8: 10 MB that say so are not read at all, and others only up to the cap', async () => {
    let pulled = 0;
    const body = () =>
      new ReadableStream<Uint8Array>(
        {
          pull(controller) {
            pulled += 1_024;
            controller.enqueue(new Uint8Array(1_024));
          },
        },
        { highWaterMark: 0 },
      );
    const said = { forwardedFor: null, contentLength: String(10 * 1_024 * 1_024), body: body() };
    expect((await answerCallback(without(), said)).status).toBe(413);
    expect(pulled).toBe(0);
    expect((await answerCallback(without(), { ...said, contentLength: null, body: body() })).status).toBe(
      413,
    );
    expect(pulled).toBeLessThanOrEqual(66 * 1_024);
  });

  test('E8: a flood of forgeries does not fill the log', async () => {
    const told = () => rig.lines.filter((line) => line.event === 'ecommpay.callback_refused').length;
    const before = told();
    for (let forgery = 0; forgery < 200; forgery += 1) await deliver(without(), '{}');
    expect(told() - before).toBeLessThanOrEqual(10);
  });

  test('a forged decline does not undo what is true', async () => {
    const { callback, shows, id } = await onThePage();
    await deliver(rig.deps, callback('success'));
    expect(await deliver(rig.deps, signedMessage(id, { status: 'decline', amount: AMOUNT }, 'x'))).toBe(403);
    expect(await shows()).toEqual(['approved', false]);
  });
});

describe('who may call', () => {
  const ask = async (deps: Rig['deps'], forwardedFor: string | null) =>
    (await answerCallback(deps, { forwardedFor, contentLength: null, body: null })).status;

  test('anybody with the right signature, where no addresses are set', async () => {
    expect(await ask(rig.deps, null)).toBe(400);
  });

  test('the named addresses only, where they are', async () => {
    const settings = { ECOMMPAY_ALLOWED_IPS: '203.0.113.0/24', TRUSTED_PROXY_HOPS: '1' };
    const { deps } = await makeEcommpayRig(() => edge, { test: rig.test, settings });
    expect(await ask(deps, '203.0.113.7')).toBe(400);
    expect(await ask(deps, '198.51.100.7')).toBe(403);
    expect(await ask(deps, '203.0.113.7, 198.51.100.7')).toBe(403);
    expect(await ask(deps, null)).toBe(403);
  });

  test('nobody, where the rail is off', async () => {
    const { deps } = await makeRig(edge.maya.fetch, { test: rig.test });
    expect(await ask(deps, null)).toBe(404);
  });
});
