import { timingSafeEqual } from 'node:crypto';
import { sha256Hex } from '../base/ids.ts';
import { RateLimit } from '../base/rate-limit.ts';
import { nowMs, nowPlus } from '../db/store.ts';
import { readCustomerTokens } from '../maya/customer-tokens.ts';
import { clientAddress, makeAllowList } from './client-address.ts';
import type { SessionDeps } from './deps.ts';
import { sealTokens } from './sealing.ts';

const MAX_BODY_BYTES = 16 * 1_024;

/** The estimate of unredeemed rows is counted anew at most this often. */
const RECOUNT_EVERY_MS = 1_000;

export type SessionUrlSettings = {
  secret: string | undefined;
  allowedIps: readonly string[] | undefined;
  trustedProxyHops: number;
  ratePerSecond: number;
  maxUnredeemed: number;
};

/** A hand-off as it arrived: what the answer depends on, and the body still unread. */
export type HandOffRequest = {
  /** The path segment behind the Session URL, if any. */
  secret: string | undefined;
  forwardedFor: string | null;
  contentType: string | null;
  contentLength: string | null;
  body: ReadableStream<Uint8Array> | null;
  /** The whole body at once: quicker, for one whose length is known to be small. */
  whole: () => Promise<string>;
};

export type HandOffAnswer =
  | { status: 200; sessionId: string }
  | { status: 400 | 403 | 404 | 413 | 415; code: string }
  | { status: 429 | 503; code: string; retryAfterSeconds: number };

/**
 * The Session URL (contract 4): Maya hands over a customer's tokens and gets a one-time `sessionId`. One write and no
 * call to Maya, since every millisecond here is the customer's splash screen. Kept once per process.
 */
export class SessionUrl {
  readonly #settings: SessionUrlSettings;
  readonly #isAllowed: ((address: string) => boolean) | undefined;
  readonly #rate: RateLimit;
  readonly #secretHash: string | undefined;
  #unredeemed = { estimate: 0, countedAt: Number.NEGATIVE_INFINITY };

  constructor(settings: SessionUrlSettings) {
    this.#settings = settings;
    this.#isAllowed = settings.allowedIps && makeAllowList(settings.allowedIps);
    this.#secretHash = settings.secret === undefined ? undefined : sha256Hex(settings.secret);
    this.#rate = new RateLimit(settings.ratePerSecond);
  }

  /** Answers one hand-off. Nothing is stored unless the answer is 200; nothing of the input is echoed. */
  async receive(deps: SessionDeps, request: HandOffRequest): Promise<HandOffAnswer> {
    const refusal = this.#checkCaller(request);
    if (refusal) return refusal;
    if (!this.#rate.take(deps.clock.monotonic()))
      return { status: 429, code: 'too_many_requests', retryAfterSeconds: 1 };
    if (!/^application\/json\s*(;|$)/i.test(request.contentType ?? ''))
      return { status: 415, code: 'unsupported_media_type' };

    const body = await readCapped(request);
    if (body === 'too_large') return { status: 413, code: 'too_large' };
    const parsed = parseJson(body);
    if (parsed === undefined) return { status: 400, code: 'invalid_json' };
    const receivedAt = deps.clock.now();
    const tokens = readCustomerTokens(parsed, receivedAt);
    if (!tokens) return { status: 400, code: 'invalid_tokens' };

    if (await this.#isFull(deps)) return { status: 503, code: 'busy', retryAfterSeconds: 5 };
    await deps.reach('session.checked');
    const id = deps.ids.key();
    const sessionId = deps.ids.secret();
    await deps.store.db
      .insertInto('sessions')
      .values({
        id,
        session_id_hash: sha256Hex(sessionId),
        received_at: nowMs,
        redeem_until: nowPlus(deps.sessionIdTtlMs),
        sealed_tokens: sealTokens(deps.sealing, tokens, { sessionRow: id, generation: 0 }),
        access_expires_at: tokens.expiresAtMs,
      })
      .execute();
    this.#unredeemed.estimate += 1;
    return { status: 200, sessionId };
  }

  #checkCaller(request: HandOffRequest): HandOffAnswer | undefined {
    if (!isSame(request.secret, this.#secretHash)) return { status: 404, code: 'not_found' };
    if (!this.#isAllowed) return undefined;
    const address = clientAddress(request.forwardedFor, this.#settings.trustedProxyHops);
    if (address === null || !this.#isAllowed(address)) return { status: 403, code: 'forbidden' };
    return undefined;
  }

  /** Whether no more unredeemed rows may be added. Counts once a second at most; between counts it adds up. */
  async #isFull(deps: SessionDeps): Promise<boolean> {
    const { maxUnredeemed } = this.#settings;
    const now = deps.clock.monotonic();
    const due = now - this.#unredeemed.countedAt >= RECOUNT_EVERY_MS;
    if (due) {
      this.#unredeemed.countedAt = now;
      const { count } = await deps.store.db
        .selectFrom('sessions')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('redeemed_at', 'is', null)
        .where('redeem_until', '>', nowMs)
        .executeTakeFirstOrThrow();
      this.#unredeemed.estimate = Number(count);
    }
    return this.#unredeemed.estimate >= maxUnredeemed;
  }
}

/** Constant in time: compares hashes, whose lengths are equal. */
function isSame(given: string | undefined, secretHash: string | undefined): boolean {
  if (secretHash === undefined || given === undefined) return secretHash === given;
  return timingSafeEqual(Buffer.from(sha256Hex(given)), Buffer.from(secretHash));
}

/** Reads at most 16 KB and stops in the middle of anything longer. Of a caller that went away there is no body. */
async function readCapped(request: HandOffRequest): Promise<string | 'too_large'> {
  const length = request.contentLength === null ? undefined : Number(request.contentLength);
  if (length !== undefined && length > MAX_BODY_BYTES) return 'too_large';
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    // The connection ends the body where its length says so.
    if (length !== undefined) {
      const text = await request.whole();
      return Buffer.byteLength(text) > MAX_BODY_BYTES ? 'too_large' : text;
    }
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength;
      if (size > MAX_BODY_BYTES) return 'too_large';
      chunks.push(chunk);
    }
  } catch {
    return '';
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
