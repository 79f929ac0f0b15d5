import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { passOn } from './next-output.ts';

test('what Next tells of its own start is left out until all is ready; errors come at once', async () => {
  const output = new PassThrough();
  const written: string[] = [];
  let ready = false;
  passOn(
    output,
    () => ready,
    (line) => written.push(line),
  );
  const next = async (...lines: string[]) => {
    output.write(`${lines.join('\n')}\n`);
    await new Promise((resolve) => setImmediate(resolve));
  };

  await next(
    '\x1b[1m▲ Next.js 16.4.5\x1b[22m (Turbopack)',
    '- Local:         http://localhost:3000',
    '- Network:       http://192.0.2.2:3000',
    '\x1b[32m\x1b[1m✓\x1b[22m\x1b[39m Ready in 1067ms',
    '✓ Running next.config.mjs took 460ms',
    '- Experiments (use with caution):',
    '  ✓ inlineCss',
    '  · serverActions',
    '',
    '○ Compiling / ...',
  );
  expect(written).toEqual([]);

  const errors = [
    ' ⨯ ./app/page.tsx:3:1',
    'Module not found',
    '- of that file',
    '⚠ Port 3000 is in use',
    '{"level":"error"}',
  ];
  await next(...errors);
  expect(written).toEqual(errors);

  ready = true;
  await next('○ Compiling / ...');
  expect(written.at(-1)).toBe('○ Compiling / ...');
});
