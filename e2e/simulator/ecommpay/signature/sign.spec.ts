import { assert, json, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import vectors from '../fixtures/signature-vectors.json' with { type: 'json' };
import { type JsonObject, readJson, treeOf, writeJson } from './json-tree.ts';
import { isSignedWith, sign, signatureIn, signed, stringToSign } from './sign.ts';

const SECRET = 'a-secret';
const tree = (value: unknown) => treeOf(value) as JsonObject;

describe('every published and computed vector', () => {
  test.each(vectors)('$name', ({ params, secret, string_to_sign, expected }) => {
    // Through text, as it comes over the wire.
    const read = readJson(JSON.stringify(params)).value as JsonObject;
    expect(stringToSign(read)).toBe(string_to_sign);
    expect(sign(read, secret)).toBe(expected);
    expect(isSignedWith(signed(read, secret), secret)).toBe(true);
  });

  test('there are all of them', () => expect(vectors.length).toBeGreaterThan(25));
});

describe('E5: what JavaScript would have changed', () => {
  test.each([
    ['{"id":9007199254740993}', 'id:9007199254740993'],
    ['{"id":123456789012345678901234567890}', 'id:123456789012345678901234567890'],
    ['{"__proto__":{"x":1},"constructor":2}', '__proto__:x:1;constructor:2'],
    ['{"a":1,"a":2}', 'a:2'],
    ['{"a":1.0,"b":1e3,"c":-0}', 'a:1;b:1000;c:-0'],
    ['{"a":"\\u0041\\/"}', 'a:A/'],
    ['{"a":[[],{},[{"b":[1,[2]]}]]}', 'a:2:0:b:0:1;a:2:0:b:1:0:2'],
    ['{"a":{"signature":"x","b":1},"c":[{"signature":"y"}]}', 'a:b:1'],
    ['{"Signature":"x"}', 'Signature:x'],
  ])('%s signs %s', (text, line) => {
    const read = readJson(text).value;
    expect(read && stringToSign(read)).toBe(line);
  });
});

describe('E4: what is no signature', () => {
  const good = signed(tree({ payment: { id: '1' } }), SECRET);

  test.each([
    ['the right one', good, true],
    ['another secret', signed(good, 'another'), false],
    ['none', tree({ payment: { id: '1' } }), false],
    ['empty', tree({ payment: { id: '1' }, signature: '' }), false],
    ['half of it', new Map([...good, ['signature', signatureIn(good).slice(0, 44)]]), false],
    ['no text', new Map([...good, ['signature', true as const]]), false],
    ['another body', new Map([...good, ['extra', '1']]), false],
    ['in general', signed(tree({ payment: { id: '1' } }), SECRET, 'general'), true],
    ['at the top before general', new Map([...good, ['general', tree({ signature: 'x' })]]), true],
  ])('%s: %s', (_, read, right) => expect(isSignedWith(read, SECRET)).toBe(right));
});

describe('JSON on the wire', () => {
  test.each(['{}', '[]', '[1,-2,3.50,4e5]', '{"a":[true,false,null,"ü\\n"]}', '{"a":"\\"","b":{"c":[{}]}}'])(
    '%s comes back as it was',
    (text) => {
      const { value } = readJson(text);
      expect(value !== undefined && writeJson(value)).toBe(text);
    },
  );

  test.each([
    '',
    '{',
    '{"a":1,}',
    '[1,]',
    '[,]',
    '{a:1}',
    '01',
    '+1',
    '.5',
    '"a\nb"',
    '{"a" 1}',
    '[1 2]',
    '{"a":1}}',
    'nul',
    '"\\x"',
    '['.repeat(40) + ']'.repeat(40),
  ])('%j is none', (text) => expect(readJson(text)).toEqual({}));

  test('any other comes back as JavaScript reads it', () => {
    assert(
      property(json({ maxDepth: 6 }), (text) => {
        const { value } = readJson(text);
        expect(value !== undefined && JSON.parse(writeJson(value))).toEqual(JSON.parse(text));
      }),
    );
  });

  test('white space does not matter, a key that comes twice does', () => {
    expect(readJson(' { "a" : 1 , "b":{"c":1,"c":2} } ').duplicates).toEqual(['c']);
    expect(readJson('{"a":{"x":1},"b":{"x":1}}').duplicates).toEqual([]);
  });

  test('undefined members are left out; what is no JSON is refused', () => {
    expect(writeJson(treeOf({ a: undefined, b: 1 }))).toBe('{"b":1}');
    expect(() => treeOf(() => 1)).toThrow('No JSON');
  });
});
