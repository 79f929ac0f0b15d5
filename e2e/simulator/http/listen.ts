import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const KEEP_ALIVE_MS = 60_000;
const PORT_TRIES = 20;

export class PortTaken extends Error {
  override readonly name = 'PortTaken';
  readonly port: number;

  constructor(port: number) {
    super(`Port ${port} is taken.`);
    this.port = port;
  }
}

export type Listening = { port: number; close(): Promise<void> };

/**
 * Listens on this machine's own addresses only, the IPv6 one too where there is one, as `localhost` may lead to either. Port 0 is
 * any port that is free on both. Throws `PortTaken`.
 */
export async function listenOnLoopback(wanted: number, listener: RequestListener): Promise<Listening> {
  for (let tries = 1; ; tries++) {
    const four = await bind(listener, '127.0.0.1', wanted);
    if (four === 'none') throw new Error('This machine has no address 127.0.0.1.');
    if (four === 'taken') throw new PortTaken(wanted);
    const { port } = four.address() as AddressInfo;
    const six = await bind(listener, '::1', port);
    if (six !== 'taken') {
      const servers = six === 'none' ? [four] : [four, six];
      return { port, close: async () => void (await Promise.all(servers.map(stop))) };
    }
    await stop(four);
    if (wanted !== 0 || tries === PORT_TRIES) throw new PortTaken(port);
  }
}

function bind(listener: RequestListener, host: string, port: number): Promise<Server | 'taken' | 'none'> {
  return new Promise((resolve, reject) => {
    const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, listener);
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve('taken');
      else if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') resolve('none');
      else reject(error);
    });
    server.listen({ port, host }, () => resolve(server));
  });
}

/** At once: open connections are hanging calls, and nobody waits for those. */
const stop = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
