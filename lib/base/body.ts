import { errorCode } from './errors.ts';

const MAX_BYTES = 256 * 1024;

/** A body as text, or why it is none. */
export type Text = { kind: 'text'; text: string } | { kind: 'too_large' } | { kind: 'cut'; error: string };

/** A body as it came: JSON of any shape, or why it is none. */
export type Body =
  | { kind: 'json'; value: unknown }
  | { kind: 'empty' }
  | { kind: 'not_json' }
  | Exclude<Text, { kind: 'text' }>;

/** Reads a response's body to its end, at most 256 KB. Never throws: a gateway may answer HTML, nothing, or half. */
export async function readBody(response: Response): Promise<Body> {
  const read = await readText(response);
  if (read.kind !== 'text') return read;
  if (read.text.trim() === '') return { kind: 'empty' };
  try {
    return { kind: 'json', value: JSON.parse(read.text) };
  } catch {
    return { kind: 'not_json' };
  }
}

/** The same, not parsed. Bytes that are no UTF-8 are replaced. */
export async function readText(response: Response): Promise<Text> {
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
    return { kind: 'text', text: new TextDecoder().decode(Buffer.concat(chunks)) };
  } catch (error) {
    return { kind: 'cut', error: errorCode(error) };
  }
}
