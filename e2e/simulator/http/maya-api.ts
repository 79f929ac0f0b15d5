import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Maya } from '../maya/maya.ts';
import type { ProfileClaims } from '../maya/reply.ts';
import { readBody } from './body.ts';
import { deliver } from './deliver.ts';

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Carries one call to the model and its reply back. */
export async function serveMayaApi(
  maya: Maya,
  seal: (claims: ProfileClaims) => Promise<string>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  if (body === undefined) {
    response.writeHead(413).end();
    return;
  }
  // A caller that drops a connection and repeats its call on another may be heard in the other order within one turn of the
  // event loop; the closed connection must count as closed.
  await nextTurn();
  const reply = maya.handle({
    method: request.method ?? '',
    path: request.url ?? '',
    headers: joined(request.headers),
    body,
  });
  maya.ended(reply.number, await deliver(response, reply, seal));
}

const joined = (headers: IncomingMessage['headers']): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
