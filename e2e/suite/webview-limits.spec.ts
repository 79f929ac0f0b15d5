import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * What Maya's webview does not have: new tabs, downloads, ways out to other sites and apps, camera and files
 * (https://developers.maya.ph, mini app guidelines). And what would bring a catalogue of texts into the browser.
 */
const LIMITS: [string, RegExp][] = [
  ['a new tab', /\btarget=|window\.open|rel="noopener/],
  ['a download', /\bdownload(=|\s*[/>])|createObjectURL/],
  ['a way out', /href=["'{`]+\s*(https?:|mailto:|tel:|sms:|intent:|market:)/],
  [
    'camera, microphone, place or files',
    /getUserMedia|type="file"|geolocation\.|showOpenFilePicker|capture=/,
  ],
  ['a printed page or a share sheet', /window\.print|navigator\.share/],
  ['texts of next-intl in the browser', /NextIntlClientProvider/],
];

const sources = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => `${folder}/${file}`);

const FILES = [...sources('app'), ...sources('components')];

test.each(LIMITS)('no page needs %s', (_what, pattern) => {
  expect(FILES.length).toBeGreaterThan(30);
  expect(FILES.filter((file) => pattern.test(readFileSync(join(ROOT, file), 'utf8')))).toEqual([]);
});

test('what runs in the browser asks for no catalogue of texts', () => {
  const inBrowser = FILES.filter((file) => /^'use client'/.test(readFileSync(join(ROOT, file), 'utf8')));
  expect(inBrowser.length).toBeGreaterThan(5);
  expect(inBrowser.filter((file) => readFileSync(join(ROOT, file), 'utf8').includes('next-intl'))).toEqual(
    [],
  );
});

test.each([
  ['<a target="_blank" href="/x">', 0],
  ['<a href="/x" download>', 1],
  ['<a href="https://example.com">', 2],
  ["<a href={'mailto:' + support}>", 2],
  ['<input type="file">', 3],
] as const)('%s would be found', (text, index) => {
  expect(LIMITS[index]?.[1].test(text)).toBe(true);
});
