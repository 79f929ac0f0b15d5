import type { Fate, Piece } from './tcp-proxy.ts';

/** One message of PostgreSQL's protocol from the client: its type letter, and its body. */
export type FrontendMessage = { type: string; body: Buffer };

const HEADER_BYTES = 5;
const SSL_REQUEST = 80_877_103;

/** Cuts a client's bytes into messages, however the network cut them. */
export class FrontendMessages {
  #rest: Buffer = Buffer.alloc(0);
  #greeted = false;

  push(bytes: Buffer): FrontendMessage[] {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    const messages: FrontendMessage[] = [];
    for (;;) {
      // The first message has no type letter, and a question for TLS may stand before it.
      if (!this.#greeted) {
        if (this.#rest.length < 8) return messages;
        const length = this.#rest.readInt32BE(0);
        if (this.#rest.length < length) return messages;
        this.#greeted = this.#rest.readInt32BE(4) !== SSL_REQUEST;
        this.#rest = this.#rest.subarray(length);
        continue;
      }
      if (this.#rest.length < HEADER_BYTES) return messages;
      const end = 1 + this.#rest.readInt32BE(1);
      if (this.#rest.length < end) return messages;
      messages.push({
        type: this.#rest.toString('latin1', 0, 1),
        body: this.#rest.subarray(HEADER_BYTES, end),
      });
      this.#rest = this.#rest.subarray(end);
    }
  }
}

const isCommit = ({ type, body }: FrontendMessage) =>
  type === 'Q' && /^commit\0$/i.test(body.toString('latin1'));
const isBegin = ({ type, body }: FrontendMessage) =>
  type === 'Q' && /^(begin|start transaction)/i.test(body.toString('latin1'));

/** The moment of a transaction that a fault waits for. */
export type Moment = 'statement' | 'commit';

/** Reads along from the first byte of each connection, and strikes once, when it is armed. */
export type Trap = { watch: (piece: Piece) => Fate; arm(): void };

/**
 * Watches a proxy in front of PostgreSQL for a transaction (or a single statement) that carries `marker`, in its text or
 * among its parameters, and lets `fate` happen to it once: at the statement itself, or at its commit.
 *
 * @param happened called as it happens
 */
export function atTransaction(marker: string, moment: Moment, fate: Fate, happened: () => void): Trap {
  const connections = new Map<number, { messages: FrontendMessages; marked: boolean }>();
  let armed = false;
  const watch = ({ from, bytes, connection }: Piece): Fate => {
    if (from === 'server') return 'pass';
    const known = connections.get(connection) ?? { messages: new FrontendMessages(), marked: false };
    connections.set(connection, known);
    let strike = false;
    for (const message of known.messages.push(bytes)) {
      if (isBegin(message)) known.marked = false;
      if (message.body.includes(marker)) known.marked = true;
      if (known.marked && (moment === 'statement' || isCommit(message))) strike = true;
      if (isCommit(message) || moment === 'statement') known.marked = false;
    }
    if (!strike || !armed) return 'pass';
    armed = false;
    happened();
    return fate;
  };
  return {
    watch,
    arm: () => {
      armed = true;
    },
  };
}
