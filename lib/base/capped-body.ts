/**
 * Reads a request's body, at most `maxBytes` of it, and stops in the middle of anything longer.
 *
 * @returns `null` where the caller went away before its end
 */
export async function readCapped(
  request: { contentLength: string | null; body: ReadableStream<Uint8Array> | null },
  maxBytes: number,
): Promise<Uint8Array | 'too_large' | null> {
  if (request.contentLength !== null && Number(request.contentLength) > maxBytes) return 'too_large';
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size > maxBytes) return 'too_large';
      chunks.push(chunk);
    }
  } catch {
    return null;
  }
  return Buffer.concat(chunks);
}
