import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSessionId } from './redeem.ts';

const ID = '0123456789abcdef'.repeat(4);
const OTHER = 'f'.repeat(64);

/** Contract 5: the parameter's name and place are not given, so it is read tolerantly, in this order. */
test.each<[string, string, string | null]>([
  ['query sessionId', `/launch?sessionId=${ID}`, ID],
  ['any case', `/launch?SESSIONID=${ID}`, ID],
  ['lower case', `/launch?sessionid=${ID}`, ID],
  ['session_id', `/launch?session_id=${ID}`, ID],
  ['session_id in any case', `/launch?Session_Id=${ID}`, ID],
  ['among other parameters', `/launch?utm_source=maya&sessionId=${ID}&lang=fil`, ID],
  ['the last path segment', `/launch/${ID}`, ID],
  ['the last of several path segments', `/launch/mini/${ID}`, ID],
  ['the query before the path', `/launch/${OTHER}?sessionId=${ID}`, ID],
  ['nothing', '/launch', null],
  ['an empty parameter', '/launch?sessionId=', null],
  ['another parameter', `/launch?id=${ID}`, null],
  ['one character short', `/launch?sessionId=${ID.slice(1)}`, null],
  ['one character long', `/launch?sessionId=${ID}0`, null],
  ['capitals, which ours never has', `/launch?sessionId=${ID.toUpperCase()}`, null],
  ['a UUID, which ours is not', '/launch?sessionId=0b9f3f8e-6f0e-4b0c-9a52-6f2a6f1f7a11', null],
  ['a path segment that is no id', '/launch/welcome', null],
  ['a path segment before the last', `/launch/${ID}/welcome`, null],
])('%s', (_name, path, expected) => {
  const address = new URL(path, 'http://localhost:3000');
  const segments = address.pathname.split('/').slice(2);
  expect(readSessionId(address, segments)).toBe(expected);
});

test('A6: whatever stands in the address, only a well-formed id is read', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string(), { maxLength: 3 }), (text, segments) => {
      const address = new URL('http://localhost:3000/launch');
      address.searchParams.set('sessionId', text);
      expect(readSessionId(address, segments)).toBeNull();
    }),
  );
});
