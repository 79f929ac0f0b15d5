import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { scenarios as ecommpayScenarios } from './ecommpay/scenarios/catalogue.ts';
import { defaultSettings as ecommpaySettings } from './ecommpay/settings.ts';
import { VIOLATION_KINDS as ECOMMPAY_VIOLATION_KINDS } from './ecommpay/violations.ts';
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

/** What a model may import from outside its own folder. */
const ALLOWED: Record<string, RegExp> = {
  maya: /^zod$/,
  ecommpay: /^(zod|node:crypto|maya\/(mistake|randomness|rig)\.ts)$/,
};

describe.each(Object.entries(ALLOWED))('the model of %s', (folder, allowed) => {
  const own = sources.filter(({ file }) => file.startsWith(`${folder}/`));

  test.each(own)('has no clock, chance, timers or input of its own: $file', ({ file, text }) => {
    expect(text).not.toMatch(
      /Date\.now\(|new Date\(\)|Math\.random\(|setTimeout|setInterval|setImmediate|performance\.|process\.|fetch\(|\bawait\b/,
    );
    for (const from of importsOf(text)) {
      const target = from.startsWith('.') ? path.join(path.dirname(file), from) : from;
      expect(target.startsWith(`${folder}/`) || allowed.test(target), target).toBe(true);
    }
  });
});

test('the READMEs name every scenario, setting, violation and address', () => {
  const readme = readFileSync(path.join(HERE, 'README.md'), 'utf8');
  const names = [
    ...[...scenarios, ...ecommpayScenarios].map(({ name }) => name),
    ...Object.keys({ ...defaultSettings(), ...ecommpaySettings() }),
    ...VIOLATION_KINDS,
    ...ECOMMPAY_VIOLATION_KINDS,
  ];
  expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});
