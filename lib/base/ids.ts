import { createHash, randomBytes, randomUUID, randomUUIDv7 } from 'node:crypto';

/** Where identifiers come from; an argument everywhere, so that a simulation can seed it. */
export type Ids = {
  /** UUIDv7: keys of our own rows, ordered by time of creation. */
  key(): string;
  /** UUIDv4: Maya's `Request-Reference-No` (contract 3) and lease holders. */
  reference(): string;
  /** 256 random bits in hex: a `sessionId` that cannot be guessed (contract 4). */
  secret(): string;
  /** A number from 0 up to, not including, 1: jitter. */
  random(): number;
};

export const systemIds: Ids = {
  key: () => randomUUIDv7(),
  reference: () => randomUUID(),
  secret: () => randomBytes(32).toString('hex'),
  random: () => Math.random(),
};

/** SHA-256 in hex. What the store keeps of a secret that only has to be recognised. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether `text` has the shape of our keys. Anything else never reaches the store. */
export function isKey(text: string): boolean {
  return UUID.test(text);
}
