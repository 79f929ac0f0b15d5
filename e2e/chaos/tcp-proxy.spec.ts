import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** A server that answers every piece with its capitals, behind the proxy. */
const heard: string[] = [];
let proxy: TcpProxy;
let port: number;
let stop: () => Promise<void>;

beforeEach(async () => {
  heard.length = 0;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      heard.push(String(bytes));
      socket.write(String(bytes).toUpperCase());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
  proxy = await startTcpProxy({ host: '127.0.0.1', port });
  stop = async () => {
    await proxy.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
});
afterEach(() => stop());

async function open(to = proxy.port): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port: to, noDelay: true });
  await once(socket, 'connect');
  return socket;
}

/** Sends a text; what comes back, or how the connection ended. */
function ask(socket: Socket, text: string): Promise<string> {
  return new Promise((resolve) => {
    socket.once('data', (bytes) => resolve(String(bytes)));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
    socket.once('close', () => resolve('closed'));
    socket.write(text);
  });
}

test('passes bytes both ways', async () => {
  const socket = await open();
  expect(await ask(socket, 'one')).toBe('ONE');
  expect(await ask(socket, 'two')).toBe('TWO');
  expect(proxy.connections).toBe(1);
  socket.destroy();
});

test('gone: open connections are reset and new ones too, until it is open again', async () => {
  const socket = await open();
  expect(await ask(socket, 'one')).toBe('ONE');
  const broken = once(socket, 'error');
  proxy.setMood('gone');
  expect((await broken)[0]).toMatchObject({ code: 'ECONNRESET' });
  const refused = await open().then(
    (made) => ask(made, 'two'),
    (error: NodeJS.ErrnoException) => error.code,
  );
  expect(refused).toMatch(/ECONNRESET|EPIPE|closed/);
  proxy.setMood('open');
  const again = await open();
  expect(await ask(again, 'three')).toBe('THREE');
  expect(heard).toEqual(['one', 'three']);
  again.destroy();
});

test('silent: nothing moves, and what was kept goes on when it is open again', async () => {
  proxy.setMood('silent');
  const socket = await open();
  const answer = ask(socket, 'one');
  const other = await open();
  // Beside the proxy there is time for many round trips.
  const direct = await open(port);
  for (let trip = 0; trip < 20; trip += 1) await ask(direct, 'direct');
  expect(heard.filter((text) => text !== 'direct')).toEqual([]);
  proxy.setMood('open');
  expect(await answer).toBe('ONE');
  for (const each of [socket, other, direct]) each.destroy();
});

test.each([
  ['reset', []],
  ['half', ['two-']],
  ['answer-lost', ['two-two-']],
] as const)('a piece whose fate is %s', async (fate, arrived) => {
  const pieces: string[] = [];
  proxy.watch(({ from, bytes }) => {
    pieces.push(`${from} ${bytes}`);
    return String(bytes) === 'two-two-' ? fate : 'pass';
  });
  const socket = await open();
  expect(await ask(socket, 'one')).toBe('ONE');
  expect(await ask(socket, 'two-two-')).toBe('ECONNRESET');
  await expect.poll(() => heard).toEqual(['one', ...arrived]);
  expect(pieces).toEqual(['client one', 'server ONE', 'client two-two-']);
});
