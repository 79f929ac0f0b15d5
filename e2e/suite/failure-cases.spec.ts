import { describe, expect, test } from 'vitest';
import { complaints, coveredBy, judgeCatalogue, rowsOf, withTests } from './failure-cases.ts';
import { idsInTitles } from './failure-cases-titles.ts';

describe('in this project', () => {
  const { current, wanted, wrong, rows, covered } = judgeCatalogue();

  test('each row has a test behind it, or waits for a feature by its name', () => {
    expect(rows.length).toBeGreaterThan(100);
    expect(covered.size).toBeGreaterThan(80);
    expect(wrong).toEqual([]);
  });

  test('the catalogue names the tests as they are (if not: npm run failure-cases)', () => {
    expect(current).toBe(wanted);
  });
});

describe('which ids a source names', () => {
  test.each([
    ["test('C20: killed', () => {})", ['C20']],
    ['test("C42, A22: somebody else\'s order", () => {})', ['C42', 'A22']],
    ["test('M, C3, C41: 100 posts', () => {})", ['C3', 'C41']],
    ['test(`F8: $' + '{name}`, () => {})', ['F8']],
    ["test.each([['C14: interrupted', 1], ['C9: none', 2]])('%s', () => {})", ['C14', 'C9']],
    ["test('C20: one');\ntest('C20: two');", ['C20']],
    ["test('as C20 says', () => {})", []],
    ["test('see C20: killed', () => {})", []],
    ["// 'C20: killed'", []],
    [" * 'C20: killed'", []],
    ["const address = 'C:20'", []],
    ["test('M: several processes', () => {})", []],
  ])('%j', (source, ids) => expect(idsInTitles(source)).toEqual(ids));
});

const CATALOGUE = [
  '| # | Case | What must happen | Tests |',
  '|---|---|---|---|',
  '| A1 | a | b | U |',
  '| A2 | a | `x | y` | none |',
].join('\n');

describe('what would be wrong', () => {
  const rows = ['A1', 'A2'];
  const covered = (...ids: string[]) => new Map(ids.map((id) => [id, ['a.spec.ts']]));

  test.each<[string, Map<string, string[]>, Record<string, string[]>, string[]]>([
    ['all is well', covered('A1', 'A2'), {}, []],
    ['a row that waits', covered('A1'), { console: ['A2'] }, []],
    ['a row without a test', covered('A1'), {}, ['A2 has no test whose title begins with its id']],
    [
      'a row that waits and has tests',
      covered('A1', 'A2'),
      { console: ['A2'] },
      ['A2 has tests and is still marked as waiting for "console"'],
    ],
    [
      'a title with an id that is no row’s',
      covered('A1', 'A2', 'A3'),
      {},
      ['A3 is no row of the catalogue, and a title names it: a.spec.ts'],
    ],
    [
      'a row that waits and is none',
      covered('A1', 'A2'),
      { console: ['A9'] },
      ['A9 is marked as waiting twice, or is no row of the catalogue'],
    ],
  ])('%s', (_name, files, waits, expected) => expect(complaints(rows, files, waits)).toEqual(expected));

  test('a row that stands there twice', () => {
    expect(complaints(['A1', 'A1'], covered('A1'), {})).toEqual(['A1 stands in the catalogue twice']);
  });
});

test('the last column of each row, and nothing else, is written', () => {
  expect(rowsOf(CATALOGUE)).toEqual(['A1', 'A2']);
  const covered = coveredBy({
    'lib/x/one.store.spec.ts': "test('A1: x', () => {})",
    'e2e/stories/two.story.ts': "test('A1: y', () => {})",
  });
  const written = withTests(CATALOGUE, covered, { console: ['A2'] });
  expect(written.split('\n').slice(2)).toEqual([
    '| A1 | a | b | [one](../lib/x/one.store.spec.ts), [two](../e2e/stories/two.story.ts) |',
    '| A2 | a | `x | y` | waits for: console |',
  ]);
  expect(written.split('\n').slice(0, 2)).toEqual(CATALOGUE.split('\n').slice(0, 2));
  expect(withTests(written, covered, { console: ['A2'] })).toBe(written);
});
