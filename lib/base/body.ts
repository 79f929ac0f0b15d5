import { errorCode } from './errors.ts';

const MAX_BYTES = 256 * 1024;

/** A body as it came: JSON of any shape, or why it is none. */
export type Body =
  | { kind: 'json'; value: unknown }
  | { kind: 'empty' }
  | { kind: 'not_json' }
  | { kind: 'too_large' }
  | { kind: 'cut'; error: string };

/** Reads a response's body to its end, at most 256 KB. Never throws: a gateway may answer HTML, nothing, or half. */
export async function readBody(response: Response): Promise<Body> {
  let text: string;
  try {
    const chunks: Uint8Array[] = [];
    let size = 0;
    if (response.body) {
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        size += chunk.byteLength;
        if (size > MAX_BYTES) return { kind: 'too_large' };
        chunks.push(chunk);
      }
    }
    text = new TextDecoder().decode(Buffer.concat(chunks));
  } catch (error) {
    return { kind: 'cut', error: errorCode(error) };
  }
  if (text.trim() === '') return { kind: 'empty' };
  try {
    return { kind: 'json', value: JSON.parse(text) };
  } catch {
    return { kind: 'not_json' };
  }
}
