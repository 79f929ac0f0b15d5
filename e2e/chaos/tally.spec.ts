import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { FAULT_POINTS } from '#lib/base/fault-points.ts';
import { CRASH_POINTS, OUTSIDE_MAYA, PAYING_OUT } from './crash-points.ts';
import { OUTSIDE_POINTS } from './outside-points.ts';
import { StateFile } from './state-file.ts';
import { addTally, emptyTally, isClean, table } from './tally.ts';

const folder = mkdtempSync(join(tmpdir(), 'mini-app-chaos-'));
afterAll(() => rmSync(folder, { recursive: true }));

const one = { ...emptyTally(), kills: 1, customers: 6, payments: 4, slowestMs: 5_400 };
const other = { ...emptyTally(), kills: 2, lost: 1, slowestMs: 7_000 };

test('tallies add up, and the slowest is the slowest', () => {
  expect(addTally(one, other)).toEqual({
    ...emptyTally(),
    kills: 3,
    customers: 6,
    payments: 4,
    lost: 1,
    slowestMs: 7_000,
  });
  expect([isClean(one), isClean(other)]).toEqual([true, false]);
});

test('the table names each and sums them', () => {
  const lines = table([
    ['sqlite a', one],
    ['sqlite b', other],
  ]).split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[3]).toMatch(/^all +3 +6 +4 +0 +1 +0 +0 +0 +7\.0 s$/);
});

test('the state is read again, and forgotten when asked to', () => {
  const path = join(folder, 'deep', 'state.json');
  const first = new StateFile(path, false);
  first.add('sqlite a', one, []);
  first.add('sqlite a', other, ['something was lost']);
  const again = new StateFile(path, false);
  expect(again.tally('sqlite a')).toEqual(addTally(one, other));
  expect(again.tally('sqlite b')).toEqual(emptyTally());
  expect(again.faults).toEqual(['something was lost']);
  expect(new StateFile(path, true).tally('sqlite a')).toEqual(emptyTally());
});

test('a state that cannot be read stops the run instead of being written over', () => {
  const path = join(folder, 'broken.json');
  writeFileSync(path, '{"tallies": 3}');
  expect(() => new StateFile(path, false)).toThrow();
});

test('every fault point stands in the matrix', () => {
  const points = [...CRASH_POINTS.map(({ point }) => point), ...OUTSIDE_MAYA, ...PAYING_OUT];
  expect(points.toSorted()).toEqual([...FAULT_POINTS].toSorted());
  expect(CRASH_POINTS.filter(({ point }) => !point.startsWith('outbox.')).length).toBeGreaterThanOrEqual(24);
});

test.each([
  ['page', 7],
  ['gate', 7],
] as const)(
  'outside Maya, by %s, at least %i points of this rail alone are killed at',
  (through, atLeast) => {
    const ofRail = OUTSIDE_POINTS.filter(
      (one) => one.through === through && OUTSIDE_MAYA.includes(one.point),
    ).map(({ point }) => point);
    expect(new Set(ofRail).size).toBe(ofRail.length);
    expect(ofRail.length).toBeGreaterThanOrEqual(atLeast);
  },
);

test('every point of the rail outside Maya is killed at', () => {
  const there = new Set(OUTSIDE_POINTS.map(({ point }) => point));
  expect(OUTSIDE_MAYA.filter((point) => !there.has(point))).toEqual([]);
});

test.each(FAULT_POINTS)('%s is passed at one place in lib', (point) => {
  const passed = readdirSync('lib', { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
    .flatMap((path) => readFileSync(join('lib', path), 'utf8').match(/\breach\('[\w.]+'\)/g) ?? [])
    .filter((call) => call === `reach('${point}')`);
  expect(passed).toHaveLength(1);
});
