import { invalidJson, invalidParameter } from '../answers.ts';
import type { Problem } from '../calls/call.ts';

export type JsonObject = Record<string, unknown>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The body as an object, or the problem with it. */
export function readJsonObject(
  body: string,
): { object: JsonObject; problems: [] } | { object?: never; problems: [Problem] } {
  try {
    const parsed: unknown = JSON.parse(body);
    if (isObject(parsed)) return { object: parsed, problems: [] };
  } catch {
    // refused below, like JSON that is no object
  }
  return {
    problems: [{ kind: 'body-malformed', detail: 'The body must be a JSON object', answer: invalidJson() }],
  };
}

/** Missing and unknown fields of `object`; `name` is where it stands, such as `amount`. */
export function checkFields(object: JsonObject, expected: readonly string[], name = ''): Problem[] {
  const path = (field: string) => (name ? `${name}.${field}` : field);
  const missing = expected
    .filter((field) => object[field] === undefined || object[field] === null)
    .map(
      (field): Problem => ({
        kind: 'field-missing',
        detail: `${path(field)} is missing`,
        answer: invalidParameter(path(field), 'is required'),
      }),
    );
  const unknown = Object.keys(object)
    .filter((field) => !expected.includes(field))
    .map(
      (field): Problem => ({
        kind: 'field-unknown',
        detail: `${path(field)} is not a field of this call`,
        answer: invalidParameter(path(field), 'is not allowed'),
      }),
    );
  return [...missing, ...unknown];
}

export const asObject = (value: unknown): JsonObject | undefined => (isObject(value) ? value : undefined);
