import { describe, expect, test } from 'vitest';
import { type Body, readBody } from './body.ts';

const KB = 1_024;

/** A body in pieces; an `Error` among them breaks it off. */
const inPieces = (...pieces: (string | Uint8Array | Error)[]) =>
  new Response(
    new ReadableStream<Uint8Array>({
      pull(controller) {
        const piece = pieces.shift();
        if (piece === undefined) controller.close();
        else if (piece instanceof Error) controller.error(piece);
        else controller.enqueue(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece);
      },
    }),
  );

const reset = () => Object.assign(new Error('reset'), { code: 'ECONNRESET' });
const peso = new TextEncoder().encode('"₱"');

describe('C18: a body as it came', () => {
  test.each<[string, Response, Body]>([
    ['JSON', new Response('{"a":1}'), { kind: 'json', value: { a: 1 } }],
    ['JSON behind a byte order mark', new Response('\ufeff[]'), { kind: 'json', value: [] }],
    ['any JSON', new Response(' null '), { kind: 'json', value: null }],
    ['in pieces', inPieces('{"a"', ':1}'), { kind: 'json', value: { a: 1 } }],
    ['cut within a letter', inPieces(peso.subarray(0, 2), peso.subarray(2)), { kind: 'json', value: '₱' }],
    ['no body', new Response(null, { status: 204 }), { kind: 'empty' }],
    ['nothing', new Response(''), { kind: 'empty' }],
    ['spaces', new Response(' \r\n'), { kind: 'empty' }],
    ['HTML', new Response('<html></html>'), { kind: 'not_json' }],
    ['half', new Response('{"a":'), { kind: 'not_json' }],
    ['JSON and more', new Response('{}{}'), { kind: 'not_json' }],
    ['broken off', inPieces('{"a":1}', reset()), { kind: 'cut', error: 'ECONNRESET' }],
    ['broken off at once', inPieces(reset()), { kind: 'cut', error: 'ECONNRESET' }],
    [
      '256 KB',
      new Response(`"${'x'.repeat(256 * KB - 2)}"`),
      { kind: 'json', value: 'x'.repeat(256 * KB - 2) },
    ],
    ['a byte more', new Response(`"${'x'.repeat(256 * KB - 1)}"`), { kind: 'too_large' }],
  ])('%s', async (_, response, body) => expect(await readBody(response)).toEqual(body));

  test('a body without end is left once it is too large', async () => {
    let left = false;
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 64 * KB;
        controller.enqueue(new Uint8Array(64 * KB));
      },
      cancel() {
        left = true;
      },
    });
    expect(await readBody(new Response(endless))).toEqual({ kind: 'too_large' });
    expect(left).toBe(true);
    expect(sent).toBeLessThan(512 * KB);
  });

  test('a body that somebody else has read is cut, not a throw', async () => {
    const response = new Response('{}');
    await response.text();
    expect((await readBody(response)).kind).toBe('cut');
  });
});
