import { expect, test } from 'vitest';
import { readCapped } from './capped-body.ts';

const streamOf = (...pieces: (string | Error)[]) =>
  new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = pieces.shift();
      if (piece === undefined) controller.close();
      else if (typeof piece === 'string') controller.enqueue(Buffer.from(piece));
      else controller.error(piece);
    },
  });

test.each([
  ['none', null, null, ''],
  ['in pieces', null, streamOf('a', 'bc'), 'abc'],
  ['up to the cap', '5', streamOf('abcde'), 'abcde'],
])('a body: %s', async (_name, contentLength, body, text) => {
  expect(await readCapped({ contentLength, body }, 5)).toEqual(Buffer.from(text));
});

test.each([
  ['one byte more', null, streamOf('abcde', 'f')],
  ['one that says it is longer', '6', null],
])('too large: %s', async (_name, contentLength, body) => {
  expect(await readCapped({ contentLength, body }, 5)).toBe('too_large');
});

test('a caller that goes away leaves none', async () => {
  expect(await readCapped({ contentLength: null, body: streamOf('a', new Error('reset')) }, 5)).toBeNull();
});
