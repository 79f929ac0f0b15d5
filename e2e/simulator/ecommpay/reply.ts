import { CODES, type Code } from './codes.ts';
import { treeOf, writeJson } from './signature/json-tree.ts';

/** What becomes of a call; the same words as the simulated Maya uses, so that the same sockets carry both. */
export type Outcome =
  | { kind: 'answer'; status: number; headers: Record<string, string>; body: string }
  | { kind: 'reset' }
  | { kind: 'hang' };

/** With its number, to be given back to `ended`, and its delay. */
export type Reply = Outcome & { number: number; afterMs: number };

export const json = (status: number, body: unknown): Outcome => ({
  kind: 'answer',
  status,
  headers: { 'content-type': 'application/json' },
  body: writeJson(treeOf(body)),
});

export const page = (status: number, html: string, headers: Record<string, string> = {}): Outcome => ({
  kind: 'answer',
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
  body: html,
});

export const seeOther = (location: string): Outcome => ({
  kind: 'answer',
  status: 303,
  headers: { location },
  body: '',
});

const NOT_FOUND: Code = 3061;

/**
 * A refusal: nothing was registered. ECommPay documents the body and no HTTP status for each code: 404 for what is not found and 400 for
 * the rest is the likeliest.
 */
export function refusal(code: Code, description?: string, ids: object = {}): Outcome {
  return json(code === NOT_FOUND ? 404 : 400, {
    status: 'error',
    code: String(code),
    message: CODES[code],
    description,
    ...ids,
  });
}
