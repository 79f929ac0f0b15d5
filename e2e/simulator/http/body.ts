import type { IncomingMessage } from 'node:http';

const LIMIT_BYTES = 64 * 1_024;

/** The whole body as text; undefined when it is larger than anything this server takes. Rejects when the caller leaves. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= LIMIT_BYTES) chunks.push(chunk);
  }
  return bytes > LIMIT_BYTES ? undefined : Buffer.concat(chunks).toString('utf8');
}
