import { randomBytes } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { freshCustomer, goToCheckout, openStage, type Stage } from './stage.ts';

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.close();
  stage = undefined;
});

const actionsKey = () => randomBytes(32).toString('base64');

test('A19, A9: a deploy between hand-off and landing: the new process redeems it, once', async () => {
  stage = await openStage('sqlite');
  const [before] = stage.servers;
  const handedOff = await fetch(`${stage.appUrl}/api/maya/session/${stage.secrets.sessionUrlSecret}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ accessToken: 'a.b.c.d.e', refreshToken: 'a.b.c', expiresAt: 4_000_000_000 }),
  });
  const { sessionId } = (await handedOff.json()) as { sessionId: string };
  await before?.kill('SIGTERM');
  const after = await stage.startServer();
  expect(after.pid).not.toBe(before?.pid);
  const land = () => fetch(`${after.url}/launch?sessionId=${sessionId}`, { redirect: 'manual' });
  const landed = await land();
  expect([landed.status, landed.headers.get('location')]).toEqual([303, '/?launched=1']);
  expect(landed.headers.get('set-cookie')).toMatch(/HttpOnly/i);
  expect((await land()).headers.get('location')).toBe('/open?reason=used');
});

test('M, C35: a page of one process is paid at another with another key for actions, once', async () => {
  const env = { PAY_WAIT_MS: '6000', NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: actionsKey() };
  stage = await openStage('postgres', { env });
  const other = await stage.startServer({ NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: actionsKey() });
  const customer = freshCustomer();
  const webview = await stage.launch(customer);
  const order = await goToCheckout(webview);
  const [address, form] = webview.prepare(/^Pay /);
  const twin = webview.on(other.url);
  for (const sender of [twin, webview, twin]) {
    const answer = await sender.send('POST', new URL(address), form.body, form.type);
    await answer.body.dump();
    expect(answer.statusCode).toBe(303);
  }
  expect((await webview.open(`/orders/${order}`)).heading).toBe('Payment successful');
  await twin.close();
  expect(stage.simulator.maya.ledger(customer).debits).toHaveLength(1);
});
