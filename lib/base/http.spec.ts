import { createServer, type RequestListener } from 'node:http';
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { makeTestLog } from '#e2e/rig/test-log.ts';
import { readBody } from './body.ts';
import { systemClock } from './clock.ts';
import { exchange } from './exchange.ts';
import { createFetch } from './http.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/** A server over HTTP, which writes down the paths it was asked for and counts its connections. */
async function serve(answer: RequestListener) {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      seen.push(`${request.method} ${request.url}`);
      answer(request, response);
    });
  });
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  const port = await listen(server);
  return { url: `http://127.0.0.1:${port}`, seen, server, connections: () => connections };
}

/** One process's client. */
function client(connectTimeoutMs = 2_000) {
  const { fetch, close } = createFetch({ connectTimeoutMs });
  closers.push(close);
  const { log, lines, text } = makeTestLog();
  const call = (url: string, options: { method?: 'GET' | 'POST'; limitMs?: number } = {}) =>
    exchange(
      { fetch, clock: systemClock, log },
      'maya.call',
      {
        name: 'execute',
        url,
        method: options.method ?? 'POST',
        headers: { Authorization: 'Bearer SECRET', 'Content-Type': 'application/json' },
        ...(options.method === 'GET' ? {} : { body: '{"token":"SECRET"}' }),
        limitMs: options.limitMs ?? 5_000,
      },
      async (response) => {
        const { status } = response;
        const body = await readBody(response);
        return body.kind === 'json'
          ? { kind: 'answered' as const, status, value: body.value }
          : { kind: 'unclear' as const, status, reason: body.kind };
      },
    );
  return { call, lines, text };
}

const NOT_CONNECTED = { kind: 'not_connected', reason: 'not_connected' };
const LOST = { kind: 'lost', reason: 'connection' };
const OK = { kind: 'answered', status: 200, value: { ok: true } };
const ok: RequestListener = (_, response) => response.end('{"ok":true}');

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('C16: a connection that did not come about', () => {
  test('refused', async () => {
    const { call, lines, text } = client();
    expect(await call(`http://127.0.0.1:${await closedPort()}/`)).toEqual(NOT_CONNECTED);
    expect(lines).toEqual([expect.objectContaining({ outcome: 'not_connected', level: 'info' })]);
    expect(text()).not.toContain('SECRET');
  });

  test('a name that nobody knows', async () => {
    expect(await client().call('http://no-such-host.invalid/')).toEqual(NOT_CONNECTED);
  });

  test('TLS with somebody who does not speak it', async () => {
    const { url, seen } = await serve(ok);
    expect(await client().call(url.replace('http:', 'https:'))).toEqual(NOT_CONNECTED);
    expect(seen).toEqual([]);
  });

  test('a server too busy to accept, within the limit for connecting', async () => {
    // It accepts nobody because its thread sleeps, and two places are all that the system keeps for it.
    const worker = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads');
       const server = require('node:net').createServer();
       server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
         parentPort.postMessage(server.address().port);
         Atomics.wait(workerData, 0, 0);
       });`,
      { eval: true, workerData: new Int32Array(new SharedArrayBuffer(4)) },
    );
    closers.push(() => worker.terminate());
    const port = await new Promise<number>((resolve) => worker.once('message', resolve));
    for (let place = 0; place < 4; place += 1) {
      const socket = connect(port, '127.0.0.1').on('error', () => {});
      closers.push(() => socket.destroy());
    }
    const { call, lines } = client(150);
    expect(await call(`http://127.0.0.1:${port}/`)).toEqual(NOT_CONNECTED);
    expect(lines[0]?.durationMs).toBeGreaterThanOrEqual(140);
  });
});

describe('C17: after connecting, whatever fails may have been processed', () => {
  test.each(['GET', 'POST'] as const)('a reset instead of an answer, to a %s', async (method) => {
    const { url, seen } = await serve((request) => request.socket.resetAndDestroy());
    const { call, text } = client();
    expect(await call(url, { method })).toEqual(LOST);
    expect(seen).toEqual([`${method} /`]);
    expect(text()).not.toContain('SECRET');
  });

  test('a connection closed without an answer', async () => {
    const { url, seen } = await serve((request) => request.socket.destroy());
    expect(await client().call(url)).toEqual(LOST);
    expect(seen).toHaveLength(1);
  });

  test('a connection closed as soon as it was made', async () => {
    const port = await listen(createTcpServer((socket) => socket.on('data', () => socket.end())));
    expect(await client().call(`http://127.0.0.1:${port}/`)).toEqual(LOST);
  });

  test('an answer that is no HTTP', async () => {
    const port = await listen(
      createTcpServer((socket) => socket.on('data', () => socket.end('hello\r\n\r\n'))),
    );
    expect(await client().call(`http://127.0.0.1:${port}/`)).toEqual(LOST);
  });

  test('no headers within the time limit', async () => {
    const { url, seen } = await serve(() => {});
    const { call, lines } = client();
    expect(await call(url, { limitMs: 100 })).toEqual({ kind: 'lost', reason: 'timeout' });
    expect(seen).toHaveLength(1);
    expect(lines[0]).toMatchObject({ outcome: 'lost', reason: 'timeout', level: 'warn' });
  });

  test('no end of the body within the time limit', async () => {
    const { url } = await serve((_, response) => response.write('{"ok":'));
    const outcome = await client().call(url, { limitMs: 1_500 });
    expect(outcome).toEqual({ kind: 'unclear', status: 200, reason: 'timeout' });
  });

  test.each(['destroy', 'resetAndDestroy'] as const)('C18: a body that breaks off: %s', async (end) => {
    const { url } = await serve((request, response) => {
      response.setHeader('content-length', '100');
      response.write('{"ok":true}', () => request.socket[end]());
    });
    expect(await client().call(url)).toEqual({ kind: 'unclear', status: 200, reason: 'cut' });
  });
});

describe('nothing is sent twice by itself', () => {
  test('after 421, which asks for it', async () => {
    const { url, seen } = await serve((_, response) => response.writeHead(421).end('{}'));
    expect(await client().call(url)).toEqual(LOST);
    expect(seen).toHaveLength(1);
  });

  test('nor does a request that was sent look as if it never was, where 421 was the server’s last word', async () => {
    const { url, seen, server } = await serve((_, response) => {
      response.writeHead(421).end('{}');
      server.close();
    });
    expect(await client().call(url)).toEqual(LOST);
    expect(seen).toHaveLength(1);
  });

  test('after a redirect', async () => {
    const { url, seen } = await serve((_, response) =>
      response.writeHead(307, { location: '/other' }).end('{}'),
    );
    expect(await client().call(url)).toEqual({ kind: 'answered', status: 307, value: {} });
    expect(seen).toEqual(['POST /']);
  });

  test.each(['GET', 'POST'] as const)('on a kept connection that breaks under a %s', async (method) => {
    const used = new WeakSet<Socket>();
    const { url, seen } = await serve((request, response) => {
      if (used.has(request.socket)) request.socket.resetAndDestroy();
      else ok(request, response);
      used.add(request.socket);
    });
    const { call } = client();
    const paths = ['/1', '/2', '/3', '/4', '/5', '/6'];
    const outcomes: unknown[] = [];
    for (const path of paths) outcomes.push(await call(url + path, { method }));
    expect(outcomes).toContainEqual(LOST);
    expect(seen).toEqual(paths.map((path) => `${method} ${path}`));
  });

  test('over HTTP/2, of which a server is told nothing', async () => {
    const hello = Promise.withResolvers<Buffer>();
    const port = await listen(
      createTcpServer((socket) => socket.once('data', (bytes) => socket.end(() => hello.resolve(bytes)))),
    );
    expect(await client().call(`https://127.0.0.1:${port}/`)).toEqual(NOT_CONNECTED);
    const protocols = (await hello.promise).toString('latin1');
    expect(protocols).toContain('\x08http/1.1');
    expect(protocols).not.toContain('\x02h2');
  });
});

describe('connections', () => {
  test('are kept and used again', async () => {
    const { url, connections } = await serve(ok);
    const { call } = client();
    for (let turn = 0; turn < 20; turn += 1) expect(await call(url)).toEqual(OK);
    expect(connections()).toBeLessThanOrEqual(2);
  });

  test('that the server closed in the meantime are replaced', async () => {
    const { url, connections, server } = await serve(ok);
    const { call } = client();
    expect(await call(url)).toEqual(OK);
    server.closeAllConnections();
    for (let outcome = await call(url); outcome.kind !== 'answered'; outcome = await call(url))
      expect(outcome).toEqual(LOST);
    expect(connections()).toBeGreaterThanOrEqual(2);
  });

  test('bring an answer that was packed', async () => {
    const { url } = await serve((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"ok":true}')),
    );
    expect(await client().call(url)).toEqual(OK);
  });

  test('serve many at once', async () => {
    const { url, seen } = await serve(ok);
    const { call } = client();
    const outcomes = await Promise.all(Array.from({ length: 200 }, () => call(url)));
    expect(outcomes.every(({ kind }) => kind === 'answered')).toBe(true);
    expect(seen).toHaveLength(200);
  });
});
