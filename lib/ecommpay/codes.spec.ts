import { expect, test } from 'vitest';
import { type CodeMeaning, meaningOf, readCode } from './codes.ts';

test.each<[CodeMeaning, string[]]>([
  ['success', ['0']],
  ['declined', ['100', '301', '402', '2606', '3104', '3112', '3613', '20000', '20101', '20105', '20304']],
  ['declined', ['30000', '30101', '30303']],
  ['retry_later', ['314', '601', '602', '20202', '20601']],
  ['configuration', ['303', '310', '504', '2442', '2541', '2642', '3028', '3123', '3358', '20501', '20504']],
  ['our_fault', ['319', '702', '2003', '2124', '3024', '3261', '3262', '20701']],
  ['pending', ['9999', '19999', '29999', '20802', '20899', '3062']],
  ['unknown', ['501', '502', '3041', '3060', '3061', '20801', '10101', '4711', '', '3000', 'constructor']],
])('%s: %j', (meaning, codes) => {
  for (const code of codes) expect(meaningOf(code), code).toBe(meaning);
});

test('no code says nothing', () => expect(meaningOf(null)).toBe('unknown'));

test.each([
  ['20101', '20101'],
  [20101, '20101'],
  ['0', '0'],
  ['', null],
  ['a', null],
  [-1, null],
  [1.5, null],
  [1e21, null],
  [null, null],
  [{ code: '1' }, null],
])('a code as text: %j is %j', (value, code) => expect(readCode(value)).toBe(code));
