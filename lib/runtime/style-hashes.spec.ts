import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { styleHashes } from './style-hashes.ts';

test('each style sheet of the build is named by its hash, and nothing else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'styles-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'chunks'));
  writeFileSync(join(folder, 'chunks/a.css'), 'body{color:red}');
  writeFileSync(join(folder, 'chunks/a.js'), 'alert(1)');
  writeFileSync(join(folder, 'b.css'), '');
  expect(styleHashes(folder)).toEqual([
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    "'sha256-FcQqt3aNlV7AZnGV4zkQRVeCeJOxbMPnQSx258L803E='",
  ]);
});

test('without a build there are none', () => {
  expect(styleHashes('/no/such/folder')).toEqual([]);
});
