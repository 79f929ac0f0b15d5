import { expect, test } from 'vitest';
import { ALREADY_PROCESSED, isDeclineCode, isFaultCode, isRefusalCode, NOT_FOUND } from './codes.ts';

const meaningsOf = (code: string | null) =>
  [
    isDeclineCode(code) && 'decline',
    isRefusalCode(code) && 'refusal',
    isFaultCode(code) && 'fault',
    code === ALREADY_PROCESSED && 'already processed',
    code === NOT_FOUND && 'not found',
  ].filter((meaning) => meaning !== false);

test.each([
  ['PY0105', 'decline'],
  ['PY0119', 'decline'],
  ['PY0123', 'decline'],
  ['2553', 'refusal'],
  ['PY0017', 'refusal'],
  ['PY0019', 'refusal'],
  ['PY0037', 'refusal'],
  ['PY0044', 'refusal'],
  ['PY0064', 'refusal'],
  ['PY0001', 'fault'],
  ['PY0015', 'fault'],
  ['PY0016', 'fault'],
  ['PY9999', 'fault'],
  ['PY0010', 'already processed'],
  ['PY0009', 'not found'],
])('%s means one thing: %s', (code, meaning) => expect(meaningsOf(code)).toEqual([meaning]));

test.each(['PY0116', 'K001', 'py0105', 'PY0105 ', '', 'constructor', null])('%j means nothing', (code) =>
  expect(meaningsOf(code)).toEqual([]),
);
