import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { scenarios } from './maya/scenarios/catalogue.ts';
import { defaultSettings } from './maya/settings.ts';
import { VIOLATION_KINDS } from './maya/violations.ts';

const HERE = import.meta.dirname;

const sources = readdirSync(HERE, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
  .map((file) => ({ file, text: readFileSync(path.join(HERE, file), 'utf8') }));

const importsOf = (text: string) => [...text.matchAll(/from '([^']+)'/g)].map(([, from = '']) => from);

describe('the simulator judges the app, so', () => {
  test.each(sources)('$file imports nothing of it', ({ file, text }) => {
    for (const from of importsOf(text).filter((name) => name.startsWith('.'))) {
      expect(path.join(path.dirname(file), from)).not.toMatch(/^\.\./);
    }
    expect(text).not.toMatch(/from '#/);
  });
});

describe('the model has no clock, chance, timers or input of its own:', () => {
  test.each(sources.filter(({ file }) => file.startsWith('maya')))('$file', ({ file, text }) => {
    expect(text).not.toMatch(
      /Date\.now\(|new Date\(\)|Math\.random\(|setTimeout|setInterval|setImmediate|performance\.|process\.|fetch\(|\bawait\b/,
    );
    for (const from of importsOf(text)) {
      expect(from === 'zod' || path.join(path.dirname(file), from).startsWith('maya')).toBe(true);
    }
  });
});

test('the README names every scenario, setting, violation and address', () => {
  const readme = readFileSync(path.join(HERE, 'README.md'), 'utf8');
  const names = [...scenarios.map(({ name }) => name), ...Object.keys(defaultSettings()), ...VIOLATION_KINDS];
  expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});
