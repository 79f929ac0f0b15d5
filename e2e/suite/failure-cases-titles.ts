import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

const PLACES = ['app', 'components', 'e2e', 'lib'];
const TEST_FILE = /\.(?:spec|story)\.tsx?$/;

/** Its own spec speaks of ids without testing a row. */
const OWN_SPEC = 'e2e/suite/failure-cases.spec.ts';

/**
 * A string that begins with ids and a colon: `'C20: …'`, `'M, C3, C41: …'`. Names of a table of cases count like titles,
 * for they become titles. An id elsewhere in a text, or in a comment, does not count.
 */
const TITLE = /(?<=['"`])((?:[A-Z]\d{0,2}, )*[A-Z]\d{0,2}): /g;

const COMMENT = /^\s*(?:\/\/|\/?\*).*$/gm;

/** @returns each row's id once that a title in this source begins with */
export function idsInTitles(source: string): string[] {
  const titles = [...source.replace(COMMENT, '').matchAll(TITLE)].map(([, ids = '']) => ids);
  return [...new Set(titles.flatMap((ids) => ids.split(', ')).filter((id) => /\d/.test(id)))];
}

/** The text of every spec and story, by its path from `root`. */
export function findTestFiles(root: string): Record<string, string> {
  const files: Record<string, string> = {};
  const visit = (folder: string) => {
    for (const entry of readdirSync(posix.join(root, folder), { withFileTypes: true })) {
      const path = posix.join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (TEST_FILE.test(path) && path !== OWN_SPEC)
        files[path] = readFileSync(posix.join(root, path), 'utf8');
    }
  };
  for (const place of PLACES) visit(place);
  return Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
}
