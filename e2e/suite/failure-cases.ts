import { readFileSync, writeFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { findTestFiles, idsInTitles } from './failure-cases-titles.ts';
import waiting from './failure-cases-waiting.json' with { type: 'json' };

/**
 * `npm run failure-cases`: writes into the last column of the failure catalogue which tests stand behind each row. With
 * `-- --check` it writes nothing and says what is wrong.
 */

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CATALOGUE = 'docs/failure-cases.md';

/** Row ids of a feature that is not built yet, by its name. */
export type Waiting = Record<string, readonly string[]>;

/** Files by the row that their titles name. */
export type Covered = ReadonlyMap<string, readonly string[]>;

const ROW = /^\| ([A-F]\d{1,2}) \|/;

const LINE_OF_A_ROW = /^(\| [A-F]\d{1,2} \|.*\|) [^|]* \|$/;

/** @returns the ids of the catalogue's rows, in its order */
export function rowsOf(catalogue: string): string[] {
  return catalogue.split('\n').flatMap((line) => ROW.exec(line)?.[1] ?? []);
}

/** Which files have a title that begins with a row's id. @param files text by path */
export function coveredBy(files: Readonly<Record<string, string>>): Covered {
  const covered = new Map<string, string[]>();
  for (const [path, source] of Object.entries(files))
    for (const id of idsInTitles(source)) covered.set(id, [...(covered.get(id) ?? []), path]);
  return covered;
}

/** What is wrong between the rows, the titles and the rows that wait; empty if nothing is. */
export function complaints(rows: readonly string[], covered: Covered, waits: Waiting): string[] {
  const waitsFor = new Map(Object.entries(waits).flatMap(([name, ids]) => ids.map((id) => [id, name])));
  const twice = rows.filter((id, index) => rows.indexOf(id) !== index);
  const listed = Object.values(waits).flat();
  return [
    ...twice.map((id) => `${id} stands in the catalogue twice`),
    ...rows
      .filter((id) => !covered.has(id) && !waitsFor.has(id))
      .map((id) => `${id} has no test whose title begins with its id`),
    ...rows
      .filter((id) => covered.has(id) && waitsFor.has(id))
      .map((id) => `${id} has tests and is still marked as waiting for "${waitsFor.get(id)}"`),
    ...[...covered.keys()]
      .filter((id) => !rows.includes(id))
      .map((id) => `${id} is no row of the catalogue, and a title names it: ${covered.get(id)}`),
    ...listed
      .filter((id, index) => !rows.includes(id) || listed.indexOf(id) !== index)
      .map((id) => `${id} is marked as waiting twice, or is no row of the catalogue`),
  ];
}

/** The catalogue with the last column of each row as it is now. */
export function withTests(catalogue: string, covered: Covered, waits: Waiting): string {
  const cell = (id: string): string => {
    const files = covered.get(id) ?? [];
    const feature = Object.entries(waits).find(([, ids]) => ids.includes(id))?.[0];
    if (files.length === 0) return feature ? `waits for: ${feature}` : 'none';
    return files.map((path) => `[${shortName(path)}](../${path})`).join(', ');
  };
  return catalogue
    .split('\n')
    .map((line) => {
      const id = ROW.exec(line)?.[1];
      return id ? line.replace(LINE_OF_A_ROW, (_, before: string) => `${before} ${cell(id)} |`) : line;
    })
    .join('\n');
}

const shortName = (path: string): string =>
  posix.basename(path).replace(/(?:\.store)?\.(?:spec|story)\.tsx?$/, '');

/** The catalogue, what it should be, and what is wrong with it now. */
export function judgeCatalogue(): {
  current: string;
  wanted: string;
  wrong: string[];
  rows: string[];
  covered: Covered;
} {
  const current = readFileSync(ROOT + CATALOGUE, 'utf8');
  const covered = coveredBy(findTestFiles(ROOT));
  const rows = rowsOf(current);
  return {
    current,
    wanted: withTests(current, covered, waiting),
    wrong: complaints(rows, covered, waiting),
    rows,
    covered,
  };
}

function main(): void {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  const { current, wanted, wrong, rows, covered } = judgeCatalogue();
  if (current !== wanted && values.check) wrong.push(`${CATALOGUE} is out of date: npm run failure-cases`);
  else if (current !== wanted) writeFileSync(ROOT + CATALOGUE, wanted);
  const tested = rows.filter((id) => covered.has(id)).length;
  const waits = Object.entries(waiting).map(([name, ids]) => `${ids.length} wait for ${name}`);
  console.log(`${rows.length} rows: ${[`${tested} have tests`, ...waits].join(', ')}`);
  for (const line of wrong) console.log(`✗ ${line}`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
