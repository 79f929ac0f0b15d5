import type { KyselyPlugin, QueryId, RootOperationNode } from 'kysely';
import type { Store } from '../db/store.ts';
import type { SessionDeps } from './deps.ts';
import { openTokens } from './sealing.ts';
import type { HandOffRequest, SessionUrl } from './session-url.ts';

/** What the specs of this room share. */

type Statement = RootOperationNode['kind'];

/**
 * The same process on the same store, where a test stands beside each statement.
 *
 * @param hooks `before` may throw, as a store does that cannot be reached; `after` holds back the statement's result
 */
export function besideStatements<Deps extends { store: Store }>(
  deps: Deps,
  hooks: { before?: (kind: Statement) => void; after?: (kind: Statement) => Promise<unknown> },
): Deps {
  const kinds = new WeakMap<QueryId, Statement>();
  const plugin: KyselyPlugin = {
    transformQuery: ({ node, queryId }) => {
      hooks.before?.(node.kind);
      kinds.set(queryId, node.kind);
      return node;
    },
    transformResult: async ({ result, queryId }) => {
      await hooks.after?.(kinds.get(queryId) ?? 'RawNode');
      return result;
    },
  };
  const { store } = deps;
  const beside: Store = {
    ...store,
    db: store.db.withPlugin(plugin),
    transaction: (work) => store.transaction((tx) => work(tx.withPlugin(plugin))),
  };
  return { ...deps, store: beside };
}

/** The row of a session as it stands in the store. */
export function rowOf(deps: Pick<SessionDeps, 'store'>, row: string) {
  return deps.store.db.selectFrom('sessions').selectAll().where('id', '=', row).executeTakeFirstOrThrow();
}

/** The tokens that a session's row holds, or `null` once they were wiped. */
export async function tokensOf(deps: Pick<SessionDeps, 'store' | 'sealing'>, row: string) {
  const { sealed_tokens: sealed, generation } = await rowOf(deps, row);
  if (sealed === null) return null;
  const { accessToken, refreshToken } = await openTokens(deps.sealing, sealed, {
    sessionRow: row,
    generation,
  });
  return { accessToken, refreshToken, generation };
}

/** A refresh token as Maya's are: a JWT that names its customer. */
export function refreshTokenOf(customer: string, serial: number | string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part({ sub: customer, jti: String(serial) })}.signature`;
}

export const HAND_OFF_TOKENS = {
  accessToken: 'eyJhbGciOiJkaXIifQ..canary-access.b.c',
  refreshToken: 'eyJhbGciOiJSUzI1NiJ9.canary-refresh.s',
};

/** A body of the Session URL as a stream, in one piece. */
export function streamOf(text: string): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text));
      controller.close();
    },
  });
}

/** A hand-off as Maya makes it, but for `changes`. */
export function handOffRequest(
  changes: Partial<Omit<HandOffRequest, 'body'>> & {
    text?: string;
    body?: HandOffRequest['body'];
  } = {},
): HandOffRequest {
  const { text = JSON.stringify({ ...HAND_OFF_TOKENS, expiresAt: 4_000_000_000 }), ...others } = changes;
  const body = others.body === undefined ? streamOf(text) : others.body;
  return {
    secret: undefined,
    forwardedFor: null,
    contentType: 'application/json',
    contentLength: null,
    whole: () => new Response(body).text(),
    ...others,
    body,
  };
}

/** A hand-off that is accepted; the one-time id it made. */
export async function handOff(deps: SessionDeps & { sessionUrl: SessionUrl }): Promise<string> {
  const answer = await deps.sessionUrl.receive(deps, handOffRequest());
  if (answer.status !== 200) throw new Error(`the hand-off was answered ${answer.status}`);
  return answer.sessionId;
}
