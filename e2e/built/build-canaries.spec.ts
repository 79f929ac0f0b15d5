import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BUILD_CANARIES, KEPT_BY_NEXT } from '../suite/build-canaries.ts';

/** Each file of the build under a folder, with what it holds. */
const filesOf = (folder: string): [string, string][] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path, readFileSync(path, 'latin1')]);

/** JSON in JavaScript has its quotes escaped: of what is no plain text, the telling part is looked for. */
const told = (value: string) => /canary-of-[a-z0-9-]+/.exec(value)?.[0] ?? value;

const findIn = (folder: string, names: string[]) =>
  filesOf(folder).flatMap(([path, text]) =>
    names
      .filter((name) => text.includes(told(BUILD_CANARIES[name] ?? '')))
      .map((name) => `${name} in ${path}`),
  );

const NAMES = Object.keys(BUILD_CANARIES);
const OURS = NAMES.filter((name) => name !== KEPT_BY_NEXT);

/** A build that was made by hand has met no canaries. The suite makes it with them, and a test that is left out fails it. */
const isOfTheSuite = findIn('.next/server', [KEPT_BY_NEXT]).length > 0;

test.runIf(isOfTheSuite)('F3: a build takes in no secret of the machine that made it', () => {
  expect(filesOf('.next/static').length).toBeGreaterThan(10);
  expect(findIn('.next/static', NAMES)).toEqual([]);
  expect(filesOf('.next/server').length).toBeGreaterThan(50);
  expect(findIn('.next/server', OURS)).toEqual([]);
});
