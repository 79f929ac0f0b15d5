import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * What the proxy lets happen.
 *
 * - `open`: everything passes.
 * - `gone`: open connections are reset, new ones too, at once.
 * - `silent`: connections come about and not a byte moves, until it is open again: then the kept bytes go on.
 */
export type Mood = 'open' | 'gone' | 'silent';

/**
 * What becomes of one piece of bytes and its connection.
 *
 * - `reset`: it does not arrive, and both sides are reset.
 * - `half`: its first half arrives, then both sides are reset.
 * - `answer-lost`: it arrives; when the other side answers, the answer is thrown away and both sides are reset.
 */
export type Fate = 'pass' | 'reset' | 'half' | 'answer-lost';

export type Piece = { from: 'client' | 'server'; bytes: Buffer; connection: number };

export type TcpProxy = {
  port: number;
  setMood(mood: Mood): void;
  /** Asked about every piece that passes; without a watcher everything passes. */
  watch(watcher: ((piece: Piece) => Fate) | undefined): void;
  /** Open connections. */
  readonly connections: number;
  close(): Promise<void>;
};

/** A TCP proxy on this machine that can fail in the ways networks do, down to single bytes. */
export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  let mood: Mood = 'open';
  let watcher: ((piece: Piece) => Fate) | undefined;
  let numbers = 0;
  const pairs = new Set<Pair>();

  const server = createServer({ noDelay: true }, (client) => {
    if (mood === 'gone') {
      client.resetAndDestroy();
      return;
    }
    numbers += 1;
    const pair = new Pair(numbers, client, connect({ ...target, noDelay: true }), (piece) =>
      watcher ? watcher(piece) : 'pass',
    );
    pairs.add(pair);
    pair.whenOver(() => pairs.delete(pair));
    if (mood === 'silent') pair.pause();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });

  return {
    port: (server.address() as AddressInfo).port,
    setMood: (wanted) => {
      mood = wanted;
      for (const pair of pairs) {
        if (wanted === 'gone') pair.reset();
        if (wanted === 'silent') pair.pause();
        if (wanted === 'open') pair.resume();
      }
    },
    watch: (wanted) => {
      watcher = wanted;
    },
    get connections() {
      return pairs.size;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const pair of pairs) pair.reset();
      }),
  };
}

/** Two sockets that carry one connection. */
class Pair {
  readonly #number: number;
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #judge: (piece: Piece) => Fate;
  #losesAnswer = false;

  constructor(number: number, client: Socket, server: Socket, judge: (piece: Piece) => Fate) {
    this.#number = number;
    this.#client = client;
    this.#server = server;
    this.#judge = judge;
    this.#carry('client', client, server);
    this.#carry('server', server, client);
  }

  #carry(from: Piece['from'], source: Socket, sink: Socket): void {
    source.on('data', (bytes) => {
      if (from === 'server' && this.#losesAnswer) return this.reset();
      const fate = this.#judge({ from, bytes, connection: this.#number });
      if (fate === 'reset') return this.reset();
      if (fate === 'half') {
        sink.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => this.reset());
        return;
      }
      if (fate === 'answer-lost') this.#losesAnswer = true;
      if (!sink.write(bytes)) {
        source.pause();
        sink.once('drain', () => source.resume());
      }
    });
    source.on('end', () => sink.end());
    // Whatever broke one side breaks the other; `close` follows and cleans up.
    source.on('error', () => sink.destroy());
    source.on('close', () => sink.destroy());
  }

  whenOver(tell: () => void): void {
    this.#client.once('close', tell);
  }

  pause(): void {
    this.#client.pause();
    this.#server.pause();
  }

  resume(): void {
    this.#client.resume();
    this.#server.resume();
  }

  reset(): void {
    this.#client.resetAndDestroy();
    this.#server.resetAndDestroy();
  }
}
