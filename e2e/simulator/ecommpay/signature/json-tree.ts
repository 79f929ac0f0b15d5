/**
 * JSON as it stands on the wire: numbers keep their digits, `__proto__` is a key like any other, and a key that comes twice is
 * noticed. What is signed is this, not what JavaScript makes of it.
 */
export type Json = string | boolean | null | JsonNumber | Json[] | JsonObject;
export type JsonObject = Map<string, Json>;

export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const WHOLE = /^-?(0|[1-9]\d*)$/;
export const isWhole = ({ text }: JsonNumber): boolean => WHOLE.test(text);

const MAX_DEPTH = 32;
/** White space, then a mark, a text (its escapes are judged when it is read), a number or a word. */
const TOKEN =
  /\s*(?:([{}[\],:])|("(?:[^"\\]|\\.)*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null))/y;

export type ReadJson = { value: Json; duplicates: string[] } | { value?: undefined; duplicates?: undefined };

/** The value, and the keys that came twice (their last value counts), or nothing where the text is no JSON. */
export function readJson(text: string): ReadJson {
  const duplicates: string[] = [];
  const pattern = new RegExp(TOKEN);
  let token: RegExpExecArray | null = null;

  const advance = (): void => {
    token = pattern.exec(text);
    if (!token) throw new SyntaxError('no token');
  };
  const sign = () => token?.[1];
  const take = (expected: string) => {
    if (sign() !== expected) throw new SyntaxError(`no ${expected}`);
    advance();
  };
  /** To the end mark, or over a comma to something else. */
  const goOn = (end: '}' | ']') => {
    advance();
    if (sign() === end) return;
    take(',');
    if (sign() === end) throw new SyntaxError('a comma too many');
  };

  function value(depth: number): Json {
    if (depth > MAX_DEPTH) throw new SyntaxError('too deep');
    const [, mark, string, number, word] = token ?? [];
    if (string !== undefined) return JSON.parse(string) as string;
    if (number !== undefined) return new JsonNumber(number);
    if (word !== undefined) return JSON.parse(word) as boolean | null;
    if (mark === '{') return members(depth);
    if (mark === '[') return items(depth);
    throw new SyntaxError('no value');
  }

  function members(depth: number): JsonObject {
    const object: JsonObject = new Map();
    advance();
    while (sign() !== '}') {
      const quoted = token?.[2];
      if (quoted === undefined) throw new SyntaxError('no key');
      const key = JSON.parse(quoted) as string;
      advance();
      take(':');
      if (object.has(key)) duplicates.push(key);
      object.set(key, value(depth + 1));
      goOn('}');
    }
    return object;
  }

  function items(depth: number): Json[] {
    const list: Json[] = [];
    advance();
    while (sign() !== ']') {
      list.push(value(depth + 1));
      goOn(']');
    }
    return list;
  }

  try {
    advance();
    const read = value(0);
    if (text.slice(pattern.lastIndex).trim() !== '') return {};
    return { value: read, duplicates };
  } catch {
    return {};
  }
}

/** The tree of a plain value; `undefined` members are left out, as `JSON.stringify` would. */
export function treeOf(value: unknown): Json {
  if (value instanceof JsonNumber || value instanceof Map) return value;
  if (typeof value === 'number') return new JsonNumber(String(value));
  if (Array.isArray(value)) return value.map(treeOf);
  if (typeof value === 'object' && value !== null) {
    const given = Object.entries(value).filter(([, member]) => member !== undefined);
    return new Map(given.map(([key, member]) => [key, treeOf(member)]));
  }
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  throw new TypeError(`No JSON for ${typeof value}`);
}

export function writeJson(value: Json): string {
  if (value instanceof JsonNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`;
  if (value instanceof Map) {
    const members = [...value].map(([key, member]) => `${JSON.stringify(key)}:${writeJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}

export const objectAt = (tree: JsonObject, key: string): JsonObject | undefined => {
  const member = tree.get(key);
  return member instanceof Map ? member : undefined;
};

export const textAt = (tree: JsonObject | undefined, key: string): string => {
  const member = tree?.get(key);
  return typeof member === 'string' ? member : '';
};
