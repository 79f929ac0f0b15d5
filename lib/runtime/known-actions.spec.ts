import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { isOfAnotherBuild, readActionIds } from './known-actions.ts';

const KNOWN = new Set(['40aa', '40bb']);

type Sent = { fields?: Record<string, string>; method?: string; headers?: Record<string, string> };

function form({ fields = {}, method = 'POST', headers = {} }: Sent) {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const body = `${parts.join('')}--b--\r\n`;
  return {
    method,
    headers: new Headers({
      'content-type': 'multipart/form-data; boundary=b',
      'content-length': String(body.length),
      ...headers,
    }),
    text: () => Promise.resolve(body),
  };
}

test.each<[string, Sent, boolean]>([
  ['an action of this build', { fields: { $ACTION_ID_40aa: '', order: '1' } }, false],
  ['an action that this build has not', { fields: { $ACTION_ID_40cc: '', order: '1' } }, true],
  ['no action', { fields: { order: '1' } }, false],
  ['what only speaks of one', { fields: { order: '$ACTION_ID_40cc' } }, false],
  [
    'a call of the page’s script',
    { fields: { $ACTION_ID_40cc: '' }, headers: { 'next-action': 'x' } },
    false,
  ],
  [
    'another kind of form',
    { fields: { $ACTION_ID_40cc: '' }, headers: { 'content-type': 'text/plain' } },
    false,
  ],
  [
    'a body above the limit',
    { fields: { $ACTION_ID_40cc: '' }, headers: { 'content-length': '16385' } },
    false,
  ],
  ['a page that is asked for', { method: 'GET' }, false],
])('C34: %s', async (_name, sent, isOld) => {
  expect(await isOfAnotherBuild(form(sent), KNOWN)).toBe(isOld);
});

test('C34: where the build’s own actions are not known, nothing is refused', async () => {
  expect(await isOfAnotherBuild(form({ fields: { $ACTION_ID_40cc: '' } }), null)).toBe(false);
});

test('the ids of a build', () => {
  const folder = mkdtempSync(join(tmpdir(), 'actions-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'manifest.json');
  const written = (text: string) => {
    writeFileSync(file, text);
    return readActionIds(file);
  };
  expect(written('{"node":{"40aa":{},"40bb":{}},"edge":{}}')).toEqual(KNOWN);
  for (const text of ['{"node":{}}', '{}', 'x', 'null']) expect(written(text)).toBeNull();
  expect(readActionIds(join(folder, 'none.json'))).toBeNull();
});
