import { createConnection } from 'node:net';
import { describe, expect, test } from 'vitest';
import { startForTest } from './fixture.ts';

/** `fetch` hides what happened to the connection in the cause of its error. */
const faultOf = async (answer: Promise<unknown>): Promise<string> => {
  try {
    await answer;
    return 'none';
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  }
};

const use = (sim: Sim, name: string) => sim.maya.setScenario({ customer: 'maria', name });

type Sim = Awaited<ReturnType<typeof startForTest>>;

/** Makes a call and leaves it once Maya has handled it, answered or not. */
const abandon = async (sim: Sim, call: (options: { signal: AbortSignal }) => Promise<unknown>) => {
  const patience = new AbortController();
  const handled = sim.maya.log().length;
  const answer = faultOf(call({ signal: patience.signal }));
  await expect.poll(() => sim.maya.log().length, { interval: 5 }).toBe(handled + 1);
  patience.abort();
  await answer;
};

describe('on a real connection', () => {
  test('a payment goes through, and its answers count as delivered', async () => {
    await using sim = await startForTest();
    const { accessToken } = sim.open();
    const answer = await sim.execute(accessToken, await sim.payment(accessToken));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(await answer.json()).toMatchObject({ status: 'APPROVED' });
    expect(sim.maya.ledger('maria').balances.maria).toBe(490_000);
    expect(sim.maya.log().map(({ call, delivered }) => [call, delivered])).toEqual([
      ['client-token', true],
      ['session', true],
      ['create', true],
      ['execute', true],
    ]);
    expect(sim.kinds()).toEqual([]);
  });

  test('latency is waited for', async () => {
    await using sim = await startForTest({ latencyMs: 40 });
    const { accessToken } = sim.open();
    const start = performance.now();
    await sim.create(accessToken);
    expect(performance.now() - start).toBeGreaterThan(38);
  });

  test('a hanging call is charged, answers nothing, and is dropped after hangMs', async () => {
    await using sim = await startForTest({ hangMs: 60 });
    const { accessToken } = sim.open();
    const id = await sim.payment(accessToken);
    use(sim, 'execute-timeout-charged');
    const start = performance.now();
    expect(await faultOf(sim.execute(accessToken, id))).toBe('UND_ERR_SOCKET');
    expect(performance.now() - start).toBeGreaterThan(55);
    expect(sim.maya.ledger().debits).toHaveLength(1);
  });

  test('a caller that gives up is no longer open', async () => {
    await using sim = await startForTest();
    const { accessToken } = sim.open();
    for (let round = 0; round < 5; round++) {
      const id = await sim.payment(accessToken);
      use(sim, 'execute-timeout-charged');
      await abandon(sim, (options) => sim.execute(accessToken, id, options));
      expect(await (await sim.execute(accessToken, id)).json()).toMatchObject({ code: 'PY0010' });
    }
    expect(sim.kinds()).toEqual([]);
    expect(sim.maya.log().at(-2)).toMatchObject({
      status: 'hang',
      delivered: false,
      scenario: 'execute-timeout-charged',
    });
  });

  test('two executes open at once are noted', async () => {
    await using sim = await startForTest();
    const { accessToken } = sim.open();
    const id = await sim.payment(accessToken);
    use(sim, 'execute-timeout-charged');
    const patience = new AbortController();
    const first = faultOf(sim.execute(accessToken, id, { signal: patience.signal }));
    await expect.poll(() => sim.maya.ledger().debits.length).toBe(1);
    await sim.execute(accessToken, id);
    expect(sim.kinds()).toEqual(['executes-overlapping']);
    patience.abort();
    await first;
  });

  test('a reset is a reset', async () => {
    await using sim = await startForTest();
    const { accessToken } = sim.open();
    const id = await sim.payment(accessToken);
    use(sim, 'execute-reset-charged');
    expect(await faultOf(sim.execute(accessToken, id))).toBe('ECONNRESET');
    expect(sim.maya.ledger().debits).toHaveLength(1);
    await expect.poll(() => sim.maya.log().at(-1)).toMatchObject({ status: 'reset', delivered: false });
  });

  test('a truncated answer has its head and breaks off in the body', async () => {
    await using sim = await startForTest();
    const { accessToken } = sim.open();
    const id = await sim.payment(accessToken);
    use(sim, 'execute-truncated');
    const answer = await sim.execute(accessToken, id);
    expect(answer.status).toBe(200);
    expect(Number(answer.headers.get('content-length'))).toBeGreaterThan(100);
    await expect(answer.text()).rejects.toThrow('terminated');
    await expect.poll(() => sim.maya.log().at(-1)).toMatchObject({ status: 'truncated', delivered: false });
  });

  test('a late answer comes late; one that nobody waits for is lost', async () => {
    await using sim = await startForTest({ lateMs: 60 });
    const { accessToken } = sim.open();
    const ids = [await sim.payment(accessToken), await sim.payment(accessToken)];
    use(sim, 'execute-late');
    const start = performance.now();
    expect(await (await sim.execute(accessToken, ids[0] ?? '')).json()).toMatchObject({ status: 'APPROVED' });
    expect(performance.now() - start).toBeGreaterThan(58);

    sim.maya.changeSettings({ lateMs: 400 });
    use(sim, 'execute-late');
    await abandon(sim, (options) => sim.execute(accessToken, ids[1] ?? '', options));
    await expect.poll(() => sim.maya.log().at(-1)).toMatchObject({ status: 200, delivered: false });
    expect(sim.maya.ledger().debits).toHaveLength(2);
  });

  test('tokens whose answer the caller did not wait for were not delivered', async () => {
    await using sim = await startForTest();
    sim.maya.changeSettings({ latencyMs: 400 });
    const { refreshToken } = sim.open();
    await abandon(sim, (options) => sim.refresh(refreshToken, options));
    sim.maya.changeSettings({ latencyMs: 0 });
    expect((await sim.refresh(refreshToken)).status).toBe(400);
    expect(sim.kinds()).toEqual([]);
  });

  test('an old refresh token after a delivered one is a violation', async () => {
    await using sim = await startForTest();
    const { refreshToken } = sim.open();
    expect((await sim.refresh(refreshToken)).status).toBe(200);
    expect((await sim.refresh(refreshToken)).status).toBe(400);
    expect(sim.kinds()).toEqual(['refresh-token-reused']);
  });

  test('a body that is too large is refused', async () => {
    await using sim = await startForTest();
    const { status } = await fetch(`${sim.url}/tokens`, { method: 'POST', body: 'x'.repeat(70_000) });
    expect(status).toBe(413);
  });

  test('a caller that leaves in the middle of its body does no harm', async () => {
    await using sim = await startForTest();
    const socket = createConnection(sim.simulator.port, '127.0.0.1');
    await new Promise<void>((resolve) => {
      socket.write('POST /tokens HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf', () =>
        resolve(),
      );
    });
    socket.destroy();
    expect((await sim.control('GET', 'settings')).status).toBe(200);
  });
});
