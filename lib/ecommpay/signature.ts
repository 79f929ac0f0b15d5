import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * ECommPay's signature (contract 2): every leaf of the parameter tree becomes a line `path:value`, the lines are put
 * into PHP's natural order and joined by `;`, and that text is signed with HMAC-SHA512. This file imports nothing of
 * ours, so that anybody can take it as it is.
 */

/** What can be signed: JSON, and `bigint` for whole numbers that a double does not hold. */
export type Signable =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly Signable[]
  | { readonly [key: string]: Signable };

/** Members that are never signed, at any depth (contract 2.1, 2.3). */
const UNSIGNED = new Set(['signature', 'frame_mode']);

/** Parts the lines. Not escaped where it stands in one. */
const SEPARATOR = ';';

const MAX_CHARACTERS = 256 * 1024;
const MAX_DEPTH = 32;

/**
 * @param params the whole tree, with or without its signature. Anything is signed, also a `;`, which makes two trees
 *   sign alike: whoever builds a request refuses it (contract 2.5)
 * @returns the canonical Base64 text, 88 characters
 */
export function sign(params: unknown, secret: string): string {
  return createHmac('sha512', secret).update(stringToSign(params), 'utf8').digest('base64');
}

/**
 * Whether a message carries the signature of this secret, at its top level or in `general` (contract 2.3). Compares the
 * canonical Base64 text in constant time. False, never a throw, for anything else: unreadable, a member that stands
 * twice, text that UTF-8 cannot carry, too large or too deep.
 *
 * @param body the message as it came, text or bytes; a tree that was parsed elsewhere has lost what this looks for
 */
export function verify(body: unknown, secret: string): boolean {
  const isText = typeof body === 'string' || body instanceof Uint8Array;
  const tree = isText ? parseSigned(body) : body;
  if (tree === undefined) return false;
  const given = signatureOf(tree);
  if (given === undefined) return false;
  const wanted = Buffer.from(sign(tree, secret), 'ascii');
  const found = Buffer.from(given, 'utf8');
  return found.length === wanted.length && timingSafeEqual(found, wanted);
}

/**
 * Whether the signature of this tree fits another tree too, one that says something else: a key or a value holds what
 * parts the lines, so nobody can tell which lines ECommPay wrote.
 */
export function isAmbiguous(params: unknown): boolean {
  return isContainer(params) && linesOf(params).some(({ text }) => text.includes(SEPARATOR));
}

/** The text that is signed. Exported for whoever has to find out why two sides disagree; it holds personal data. */
export function stringToSign(params: unknown): string {
  return (isContainer(params) ? linesOf(params) : [])
    .sort((a, b) => naturalOrder(a.bytes, b.bytes))
    .map(({ text }) => text)
    .join(SEPARATOR);
}

/** `bytes` is the path's UTF-8, one character a byte: PHP compares bytes. */
type Line = { bytes: string; text: string };

type Container = readonly unknown[] | Record<string, unknown>;

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

function linesOf(container: Container): Line[] {
  const lines: Line[] = [];
  flatten(container, '', lines);
  return lines;
}

function flatten(container: Container, prefix: string, lines: Line[]): void {
  for (const key of Object.keys(container)) {
    if (UNSIGNED.has(key)) continue;
    const path = prefix + key.replaceAll(':', '::');
    const value = (container as Record<string, unknown>)[key];
    if (isContainer(value)) flatten(value, `${path}:`, lines);
    else if (value !== undefined) lines.push({ bytes: bytesOf(path), text: `${path}:${textOf(value)}` });
  }
}

const bytesOf = (text: string) => (/[^ -~]/.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text);

function textOf(value: unknown): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (Object.is(value, -0)) return '-0';
  // A double prints whole numbers from 10^21 on with an exponent.
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value).toString();
  return String(value);
}

function signatureOf(tree: unknown): string | undefined {
  if (!isContainer(tree)) return undefined;
  const member = (of: unknown, name: string): unknown =>
    isContainer(of) && Object.hasOwn(of, name) ? (of as Record<string, unknown>)[name] : undefined;
  const signature = member(tree, 'signature') ?? member(member(tree, 'general'), 'signature');
  return typeof signature === 'string' ? signature : undefined;
}

const isDigit = (code: number) => code >= 48 && code <= 57;
const isSpace = (code: number) => code === 32 || (code >= 9 && code <= 13);

/** Where the run of digits that starts at `from` ends. */
function endOfDigits(text: string, from: number): number {
  let end = from;
  while (isDigit(text.charCodeAt(end))) end += 1;
  return end;
}

/** The first zeros of a number that stands at the very start say nothing. */
function afterLeadingZeros(text: string): number {
  let at = 0;
  while (text[at] === '0' && isDigit(text.charCodeAt(at + 1))) at += 1;
  return at;
}

/**
 * PHP's `strnatcmp`, case-sensitive: runs of digits compare as numbers, unless one starts with a zero (contract 2.4).
 *
 * @returns negative, zero or positive
 */
export function naturalOrder(a: string, b: string): number {
  let i = afterLeadingZeros(a);
  let j = afterLeadingZeros(b);
  for (;;) {
    if (i >= a.length || j >= b.length) return Math.max(a.length - i, 0) - Math.max(b.length - j, 0);
    while (isSpace(a.charCodeAt(i))) i += 1;
    while (isSpace(b.charCodeAt(j))) j += 1;
    const [endOfA, endOfB] = [endOfDigits(a, i), endOfDigits(b, j)];
    if (endOfA > i && endOfB > j) {
      const [one, other] = [a.slice(i, endOfA), b.slice(j, endOfB)];
      const asFraction = one[0] === '0' || other[0] === '0';
      if (!asFraction && one.length !== other.length) return one.length - other.length;
      if (one !== other) return one < other ? -1 : 1;
      [i, j] = [endOfA, endOfB];
      if (i >= a.length || j >= b.length) continue;
    }
    // Beyond the end, where only spaces stood, PHP reads a zero byte.
    const difference = (a.charCodeAt(i) || 0) - (b.charCodeAt(j) || 0);
    if (difference !== 0) return difference;
    i += 1;
    j += 1;
  }
}

/**
 * Reads JSON (RFC 8259) without what `JSON.parse` forgives or forgets: no member may stand twice, objects have no
 * prototype, whole numbers keep all their digits (`bigint` above 2^53), and every text can be carried by UTF-8.
 *
 * @returns `undefined` for anything else, and for what is too large or too deep
 */
export function parseSigned(body: string | Uint8Array): unknown {
  try {
    const text =
      typeof body === 'string'
        ? body
        : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    return text.length > MAX_CHARACTERS ? undefined : new Reader(text).whole();
  } catch {
    return undefined;
  }
}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[[\]{},:]/y;
const BLANK = /[ \t\n\r]*/y;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): unknown {
    const value = this.#value(this.#next(), 0);
    BLANK.lastIndex = this.#at;
    BLANK.test(this.#text);
    if (BLANK.lastIndex !== this.#text.length) throw new SyntaxError('more follows');
    return value;
  }

  #next(): string {
    BLANK.lastIndex = this.#at;
    BLANK.test(this.#text);
    TOKEN.lastIndex = BLANK.lastIndex;
    const token = TOKEN.exec(this.#text)?.[0];
    if (token === undefined) throw new SyntaxError('no JSON');
    this.#at = TOKEN.lastIndex;
    return token;
  }

  #value(token: string, depth: number): unknown {
    if (depth > MAX_DEPTH) throw new SyntaxError('too deep');
    switch (token[0]) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#array(depth);
      case '"':
        return readText(token);
      case 't':
        return true;
      case 'f':
        return false;
      case 'n':
        return null;
      default:
        return readNumber(token);
    }
  }

  #object(depth: number): unknown {
    const object: Record<string, unknown> = Object.create(null);
    let token = this.#next();
    if (token === '}') return object;
    for (;;) {
      if (token[0] !== '"') throw new SyntaxError('no key');
      const key = readText(token);
      if (Object.hasOwn(object, key)) throw new SyntaxError('a member stands twice');
      if (this.#next() !== ':') throw new SyntaxError('no value');
      object[key] = this.#value(this.#next(), depth + 1);
      const after = this.#next();
      if (after === '}') return object;
      if (after !== ',') throw new SyntaxError('no comma');
      token = this.#next();
    }
  }

  #array(depth: number): unknown {
    const array: unknown[] = [];
    let token = this.#next();
    if (token === ']') return array;
    for (;;) {
      array.push(this.#value(token, depth + 1));
      const after = this.#next();
      if (after === ']') return array;
      if (after !== ',') throw new SyntaxError('no comma');
      token = this.#next();
    }
  }
}

/** A lone surrogate cannot be sent as UTF-8: two of them would sign alike. */
function readText(token: string): string {
  if (/^"[ !#-[\]-~]*"$/.test(token)) return token.slice(1, -1);
  const text = JSON.parse(token) as string;
  if (!text.isWellFormed()) throw new SyntaxError('a lone surrogate');
  return text;
}

function readNumber(token: string): number | bigint {
  const number = Number(token);
  if (!Number.isFinite(number)) throw new SyntaxError('no number');
  return /^-?\d+$/.test(token) && !Number.isSafeInteger(number) ? BigInt(token) : number;
}
