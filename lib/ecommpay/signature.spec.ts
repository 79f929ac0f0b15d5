import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { naturalOrder, parseSigned, sign, stringToSign, verify } from './signature.ts';
import { anyTree, isSigned, messageOf, SECRET, signed, VECTORS, type Vector } from './spec-helpers.ts';

describe.each(VECTORS.map((vector) => [vector.name, vector] as const))('E5: vector %s', (_name, vector) => {
  test('signs to the published digest', () => {
    expect(stringToSign(vector.params)).toBe(vector.string_to_sign);
    expect(sign(vector.params, vector.secret)).toBe(vector.expected);
  });

  test('verifies as text, as bytes, and not with another secret', () => {
    const body = isSigned(vector) ? JSON.stringify(vector.params) : messageOf(vector);
    expect(verify(body, vector.secret)).toBe(true);
    expect(verify(Buffer.from(body), vector.secret)).toBe(true);
    expect(verify(body, `${vector.secret}x`)).toBe(false);
  });
});

test('the vectors are all there', () => expect(VECTORS).toHaveLength(30));

describe('where the signature stands', () => {
  const { params, secret } = VECTORS.find(({ name }) => name === 'sdk-callback-nested-signature') as Vector;
  const { general, ...rest } = params as { general: { signature: string } };

  test('at the top level it counts before the one in general', () => {
    expect(verify(JSON.stringify({ ...params, signature: general.signature }), secret)).toBe(true);
    expect(verify(JSON.stringify({ ...params, signature: 'x'.repeat(88) }), secret)).toBe(false);
  });

  test.each<[string, unknown]>([
    ['none', rest],
    ['a number', { ...rest, signature: 1 }],
    ['an object', { ...rest, signature: { 0: general.signature } }],
    ['a list', { ...rest, signature: [general.signature] }],
    ['elsewhere', { ...rest, operation: { signature: general.signature } }],
    ['empty', { ...rest, signature: '' }],
    ['a text', general.signature],
    ['a list of messages', [params]],
    ['null', null],
  ])('%s: refused', (_name, body) => expect(verify(JSON.stringify(body), secret)).toBe(false));

  test('a signature of another spelling for the same bytes is refused', () => {
    const text = general.signature;
    const spellings = [
      ` ${text}`,
      `${text}\n`,
      text.replace(/==$/, ''),
      text.replaceAll('+', '-').replaceAll('/', '_'),
      // The last character before the padding carries four bits that no byte needs.
      text.replace(/(.)==$/, (_, last: string) => `${String.fromCharCode(last.charCodeAt(0) + 1)}==`),
    ];
    for (const spelling of spellings) {
      expect(Buffer.from(spelling, 'base64')).toEqual(Buffer.from(text, 'base64'));
      expect(verify(JSON.stringify({ ...rest, signature: spelling }), secret), spelling).toBe(false);
    }
  });
});

describe('E5: odd JSON', () => {
  /** The text that the body is taken to sign, or nothing where it is refused. */
  const reads = (body: string) => {
    const tree = parseSigned(body);
    return tree === undefined ? undefined : stringToSign(tree);
  };

  test.each([
    ['{"a":9007199254740993}', 'a:9007199254740993'],
    ['{"a":-123456789012345678901234567890}', 'a:-123456789012345678901234567890'],
    ['{"a":0}', 'a:0'],
    ['{"a":-0}', 'a:-0'],
    ['{"a":1.0}', 'a:1'],
    ['{"a":1e3}', 'a:1000'],
    ['{"a":0.5}', 'a:0.5'],
    ['{"a":1e21}', 'a:1000000000000000000000'],
    ['{"a":true,"b":false,"c":null,"d":"","e":[],"f":{}}', 'a:1;b:0;c:;d:'],
    ['{"a":[[1,[2]],[]]}', 'a:0:0:1;a:0:1:0:2'],
    ['{"a":{"b":{"c":{"d":{"e":1}}}}}', 'a:b:c:d:e:1'],
    ['{"A":1,"a":2,"B":3}', 'A:1;B:3;a:2'],
    ['{"\\u0061":"\\u20b1\\/\\n"}', 'a:₱/\n'],
    [' \t\r\n{ "a" : 1 } ', 'a:1'],
    ['{"__proto__":{"status":"success"},"constructor":1}', '__proto__:status:success;constructor:1'],
    ['{"a;b":";"}', 'a;b:;'],
    ['{"a:":1}', 'a:::1'],
    ['{"payment":{"signature":"x","frame_mode":"y"},"a":[{"signature":1}]}', ''],
    [`${'['.repeat(32)}1${']'.repeat(32)}`, `${'0:'.repeat(32)}1`],
  ])('%s', (body, text) => expect(reads(body)).toBe(text));

  test.each([
    '{"a":1,"a":1}',
    '{"a":1,"\\u0061":2}',
    '{"x":{"__proto__":1,"__proto__":2}}',
    '{"a":"\\ud800"}',
    '{"\\udfff":1}',
    '{"a":01}',
    '{"a":+1}',
    '{"a":1.}',
    '{"a":.5}',
    '{"a":NaN}',
    '{"a":1e400}',
    '{"a":1,}',
    '[1,]',
    '[,1]',
    '{"a" 1}',
    '{a:1}',
    "{'a':1}",
    '{"a":"\n"}',
    '{"a":"\\x"}',
    '{"a":tru}',
    '{"a":1}{}',
    '{"a":1} x',
    '{"a":}',
    '}',
    ':',
    '',
    '\ufeff{"a":1}',
    '{"a":1',
    `${'['.repeat(34)}1${']'.repeat(34)}`,
    `{"a":"${'x'.repeat(300_000)}"}`,
  ])('%s is refused', (body) => expect(reads(body)).toBeUndefined());

  test('bytes that are no UTF-8 are refused', () => {
    const body = Buffer.from(signed({ a: 'ñ' }));
    expect(verify(body, SECRET)).toBe(true);
    body[body.indexOf(0xc3)] = 0xff;
    expect(verify(body, SECRET)).toBe(false);
  });

  test('whole numbers keep their digits', () => {
    const digits = '90071992547409931234';
    const signature = createHmac('sha512', SECRET).update(`id:${digits}`).digest('base64');
    expect(verify(`{"id":${digits},"signature":"${signature}"}`, SECRET)).toBe(true);
    expect(verify(`{"id":${digits.slice(0, -1)}5,"signature":"${signature}"}`, SECRET)).toBe(false);
    expect(sign({ id: BigInt(digits) }, SECRET)).toBe(signature);
  });

  test('no member reaches a prototype', () => {
    const tree = parseSigned('{"__proto__":{"status":"success"}}') as Record<string, unknown>;
    expect(Object.getPrototypeOf(tree)).toBeNull();
    expect(tree.status).toBeUndefined();
    expect(({} as Record<string, unknown>).status).toBeUndefined();
    expect(verify(JSON.stringify({ signature: sign({}, SECRET) }), SECRET)).toBe(true);
    expect(verify(`{"__proto__":{"a":1},"signature":"${sign({}, SECRET)}"}`, SECRET)).toBe(false);
  });
});

describe('the order of the lines', () => {
  test.each([
    ['a', 'a', 0],
    ['a2', 'a10', -1],
    ['a10', 'a9', 1],
    ['items:10:v', 'items:9:v', 1],
    ['address:x', 'address2', 1],
    ['payment:id', 'payment_id', -1],
    ['A', 'a', -1],
    ['a', 'ab', -1],
    ['007', '7', 0],
    ['a01', 'a1', -1],
    ['a001', 'a01', -1],
    ['a0', 'a1', -1],
    ['a 1', 'a1', 0],
    ['a1b', 'a1', 1],
    ['', 'a', -1],
    ['é', 'z', 1],
  ])('%s before %s: %i', (a, b, order) => {
    const bytes = (text: string) => Buffer.from(text).toString('latin1');
    expect(Math.sign(naturalOrder(bytes(a), bytes(b)))).toBe(order);
    expect(Math.sign(naturalOrder(bytes(b), bytes(a)))).toBe(order === 0 ? 0 : -order);
  });
});

describe('E18: two trees can sign alike', () => {
  test.each([
    ['a value that goes on as another member', { d: 'x;payment_id:42' }, { d: 'x', payment_id: '42' }],
    [
      'a status in a description',
      { a: 'x;payment:status:success' },
      { a: 'x', payment: { status: 'success' } },
    ],
    ['null and empty', { a: null }, { a: '' }],
    ['number and text', { a: 1 }, { a: '1' }],
    ['true and one', { a: true }, { a: 1 }],
    ['empty list, empty object, nothing', { a: [], b: {} }, {}],
  ])('%s: so types, own row and a ban on ";" in requests decide', (_name, one, other) =>
    expect(sign(one, SECRET)).toBe(sign(other, SECRET)),
  );
});

describe('of any tree', () => {
  test('what was signed verifies, whatever the order of its members', () => {
    fc.assert(
      fc.property(anyTree, (tree) => {
        expect(verify(signed(tree), SECRET)).toBe(true);
        const turned = Object.fromEntries(Object.entries(tree).reverse());
        if (distinctPaths(tree)) expect(sign(turned, SECRET)).toBe(sign(tree, SECRET));
      }),
      { numRuns: 2_000 },
    );
  });

  test('what was parsed signs as what JSON.parse makes of it, where that loses nothing', () => {
    fc.assert(
      fc.property(anyTree, (tree) => {
        const text = JSON.stringify(tree);
        expect(stringToSign(parseSigned(text))).toBe(stringToSign(JSON.parse(text)));
      }),
      { numRuns: 2_000 },
    );
  });

  test('no body makes verify throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array(), fc.anything()), (body) => {
        expect(verify(body, SECRET)).toBe(false);
      }),
      { numRuns: 5_000 },
    );
  });
});

/** Paths that compare as equal keep the order of the message, as PHP's sort does. */
function distinctPaths(tree: unknown): boolean {
  const paths = stringToSign(tree)
    .split(';')
    .map((line) => line.replaceAll(/[\s0]/g, ''));
  return new Set(paths).size === paths.length;
}
