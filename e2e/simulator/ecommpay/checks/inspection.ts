import type { Code } from '../codes.ts';
import { isWhole, type Json, JsonNumber, type JsonObject } from '../signature/json-tree.ts';
import type { ViolationKind } from '../violations.ts';

/** Something wrong with a call, and the code it is refused with. */
export type Problem = { kind: ViolationKind; code: Code; detail: string };

const FIELD_MISSING: Code = 2004;
const MALFORMED: Code = 702;
const VALIDATION: Code = 502;

/** What a text must be; `kind` and `code` say what it is when it is not. */
export type TextRule = {
  optional?: true;
  is?: (text: string) => boolean;
  /** In words. */
  must?: string;
  kind?: ViolationKind;
  code?: Code;
  /** When it is not there at all. */
  missing?: Code;
};

export type Inspection = ReturnType<typeof inspect>;

/** Looks into a body and collects what is wrong with it. Paths are written `payment.amount`. */
export function inspect(root: JsonObject) {
  const problems: Problem[] = [];
  const wrong = (kind: ViolationKind, code: Code, detail: string): void =>
    void problems.push({ kind, code, detail });

  const find = (path: string): Json | undefined =>
    path
      .split('.')
      .reduce<Json | undefined>((at, key) => (at instanceof Map ? at.get(key) : undefined), root);

  /** Undefined where it is missing, which is noted down unless it may be. */
  const present = (path: string, { optional, missing = FIELD_MISSING }: TextRule): Json | undefined => {
    const value = find(path);
    if (value !== undefined && value !== null && value !== '') return value;
    if (!optional) wrong('field-missing', missing, `${path} is missing`);
    return undefined;
  };

  return {
    problems,
    wrong,
    find,

    /** No members but these; an object, if it is there. */
    only(path: string, allowed: readonly string[]): void {
      const value = path === '' ? root : find(path);
      if (value === undefined) return;
      if (!(value instanceof Map)) {
        wrong('field-invalid', MALFORMED, `${path} must be an object`);
        return;
      }
      for (const key of value.keys()) {
        if (!allowed.includes(key)) {
          wrong('field-unknown', VALIDATION, `${path && `${path}.`}${key} is not a field of this call`);
        }
      }
    },

    text(path: string, rule: TextRule = {}): string {
      const value = present(path, rule);
      if (value === undefined) return '';
      const { kind = 'field-invalid', code = VALIDATION } = rule;
      if (typeof value !== 'string') wrong(kind, code, `${path} must be a text`);
      else if (rule.is && !rule.is(value)) wrong(kind, code, `${path} must be ${rule.must}`);
      else return value;
      return '';
    },

    whole(path: string, rule: Omit<TextRule, 'is' | 'must'> = {}): number {
      const value = present(path, rule);
      if (value === undefined) return Number.NaN;
      const { kind = 'field-invalid', code = VALIDATION } = rule;
      if (value instanceof JsonNumber && isWhole(value)) return Number(value.text);
      if (value instanceof JsonNumber) wrong('fraction', code, `${path} must be an integer`);
      else wrong(kind, code, `${path} must be an integer`);
      return Number.NaN;
    },
  };
}

/** A semicolon in a key or value makes two bodies sign alike; ECommPay forbids it. */
export function checkSemicolons(tree: Json, path = ''): Problem[] {
  const at = (key: string) => (path === '' ? key : `${path}.${key}`);
  const found = (where: string): Problem => ({
    kind: 'semicolon',
    code: VALIDATION,
    detail: `${where} contains a semicolon`,
  });
  if (typeof tree === 'string') return tree.includes(';') ? [found(path)] : [];
  if (Array.isArray(tree)) return tree.flatMap((item, index) => checkSemicolons(item, at(String(index))));
  if (!(tree instanceof Map)) return [];
  return [...tree].flatMap(([key, value]) => [
    ...(key.includes(';') ? [found(`A key in ${path || 'the body'}`)] : []),
    ...checkSemicolons(value, at(key)),
  ]);
}
