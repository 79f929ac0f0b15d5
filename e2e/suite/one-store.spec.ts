import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const sources = globSync(['{app,lib}/**/*.{ts,tsx}', '*.ts'], { cwd: ROOT })
  .filter((path) => !/\.(?:spec|fixture)\.tsx?$/.test(path))
  .map((path): [string, string] => [path, readFileSync(ROOT + path, 'utf8')]);

const containing = (pattern: RegExp): string[] =>
  sources
    .filter(([, text]) => pattern.test(text))
    .map(([path]) => path)
    .sort();

/** A replica that lags would show an order as unpaid that was paid; so there is none to be read by mistake. */
describe('D13: there is one store, and everything reads what was written', () => {
  test('connections are made in two files, one for each engine', () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(containing(/\bnew (?:DatabaseSync|Pool|Client)\(/)).toEqual([
      'lib/db/postgres.ts',
      'lib/db/sqlite.ts',
    ]);
  });

  test('of one address, which one setting names', () => {
    const opened = sources.flatMap(([, text]) => [...text.matchAll(/\bopenStore\(\s*([\w.]+)/g)]);
    const addresses = opened.map(([, address]) => address).filter((address) => address !== 'url');
    expect(new Set(addresses.map((address) => address?.split('.').at(-1)))).toEqual(
      new Set(['DATABASE_URL']),
    );
    const names = readFileSync(`${ROOT}.env.example`, 'utf8').match(
      /^#?\s*\w*(?:DATABASE|REPLICA|POSTGRES)\w*=/gm,
    );
    expect(names).toEqual(['DATABASE_URL=']);
  });
});
