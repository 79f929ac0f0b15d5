import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Settings } from '../maya/settings.ts';
import { type SimulatorOptions, startSimulator } from '../start.ts';

/** A merchant's server on the wire, for the specs. */

export const OPTIONS: SimulatorOptions = {
  port: 0,
  appUrl: 'http://localhost:1',
  clientId: 'client',
  clientSecret: 'a-client-secret',
  p2mId: 'P2M-1',
};

type CallOptions = { signal?: AbortSignal };

export async function startForTest(settings: Partial<Settings> = {}, more: Partial<SimulatorOptions> = {}) {
  const simulator = await startSimulator({ ...OPTIONS, settings, ...more });
  const { maya, url } = simulator;

  const post = (path: string, headers: Record<string, string>, body: string, { signal }: CallOptions = {}) =>
    fetch(url + path, {
      method: 'POST',
      headers: { 'accept-encoding': 'identity', accept: 'application/json', ...headers },
      body,
      ...(signal ? { signal } : {}),
    });

  const basic = Buffer.from(`${OPTIONS.clientId}:${OPTIONS.clientSecret}`).toString('base64');
  const granted = await post(
    '/oauth/token',
    { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
    'grant_type=client_credentials',
  );
  const { access_token: clientToken } = (await granted.json()) as { access_token: string };

  const headers = (accessToken?: string): Record<string, string> => ({
    'content-type': 'application/json',
    'request-reference-no': randomUUID(),
    authorization: `Bearer ${clientToken}`,
    ...(accessToken ? { 'x-authorization': accessToken } : {}),
  });

  return {
    simulator,
    maya,
    url,
    close: simulator.close,
    [Symbol.asyncDispose]: simulator.close,

    /** The tile is tapped, and a Session URL answers. */
    open(customer = 'maria') {
      const { call } = maya.launch(customer);
      if (!call) throw new Error('Maya does not open the app');
      maya.launched(call.number, { kind: 'answer', status: 200, headers: {}, body: '{"sessionId":"s"}' });
      return JSON.parse(call.body) as { accessToken: string; refreshToken: string };
    },
    create: (accessToken: string, options: CallOptions = {}) =>
      post(
        '/merchant/payments',
        headers(accessToken),
        JSON.stringify({ p2mId: OPTIONS.p2mId, amount: { currency: 'PHP', value: 100 } }),
        options,
      ),
    async payment(accessToken: string): Promise<string> {
      const answer = await this.create(accessToken);
      return ((await answer.json()) as { id: string }).id;
    },
    execute: (accessToken: string, id: string, options: CallOptions = {}) =>
      post(`/merchant/payments/${id}/execute`, headers(accessToken), '{}', options),
    refresh: (refreshToken: string, options: CallOptions = {}) =>
      post('/tokens', headers(), JSON.stringify({ refreshToken }), options),
    profile: (accessToken: string) =>
      fetch(`${url}/profile`, { headers: { ...headers(accessToken), 'accept-encoding': 'identity' } }),
    kinds: () => maya.violations().map(({ kind }) => kind),

    async control(method: string, path: string, body?: unknown) {
      const response = await fetch(`${url}/_sim/${path}`, {
        method,
        redirect: 'manual',
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      return { status: response.status, json: (await response.json()) as Record<string, unknown> };
    },
  };
}

/** An app on a port of its own. */
export async function startApp(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: close,
  };
}
