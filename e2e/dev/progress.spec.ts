import { expect, test } from 'vitest';
import { createProgress } from './progress.ts';

function written(isTTY: boolean): string {
  let text = '';
  const write = (more: string | Uint8Array) => {
    text += more;
    return true;
  };
  const progress = createProgress({ isTTY, write });
  progress.show(1, 2);
  progress.write('another');
  progress.show(2, 2);
  return text;
}

test('a line for each step where nothing can be written over', () => {
  expect(written(false)).toBe('  Compiled 1 of 2 pages\nanother\n  Compiled 2 of 2 pages\n');
});

test('on a terminal one line, which leaves room for others', () => {
  expect(written(true)).toBe(
    '\r\x1b[K  Compiled 1 of 2 pages\r\r\x1b[Kanother\n\r\x1b[K  Compiled 2 of 2 pages\r',
  );
});
