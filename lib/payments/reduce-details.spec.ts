import { describe, expect, test } from 'vitest';
import type { Fact, FactOf } from './facts.ts';
import { reduce } from './reduce.ts';
import {
  createdAs,
  type ExecuteOutcome,
  executeAnswer,
  executeAttempt,
  executedWith,
  REFERENCE,
  recorded,
} from './spec-helpers.ts';

const approved: ExecuteOutcome = { kind: 'approved', missing: [] };
const declined: ExecuteOutcome = { kind: 'declined', missing: [] };
const lost: ExecuteOutcome = { kind: 'lost', reason: 'timeout' };
const noBalance: ExecuteOutcome = { kind: 'decline_code', code: 'PY0105' };
const refused: ExecuteOutcome = { kind: 'refused', code: 'PY0044' };
const unauthorized: ExecuteOutcome = { kind: 'unauthorized', status: 401, code: 'invalid_token' };
const notSent: ExecuteOutcome = { kind: 'not_connected', reason: 'not_connected' };
const mismatch = (status: 'APPROVED' | 'DECLINED'): ExecuteOutcome => ({
  kind: 'mismatch',
  status,
  fields: ['amount'],
});
const createAnswer = (outcome: FactOf<'create_answer'>['outcome']): Fact[] => [
  { kind: 'create_attempt', attempt: 1, reference: REFERENCE },
  { kind: 'create_answer', attempt: 1, outcome },
];
const processed = (concluded: 'review' | 'impossible'): Fact => ({
  ...(executeAnswer(1, { kind: 'already_processed' }) as FactOf<'execute_answer'>),
  py0010: { setting: 'review', concluded },
});
const decided = (decision: 'charged' | 'not_charged', seen: number): Fact => ({
  kind: 'staff_decided',
  id: 'd1',
  decision,
  actor: 'ana',
  evidence: 'Maya Manager',
  seen,
});

describe('which alarms a conclusion raises', () => {
  test.each<[string, Fact[], string[]]>([
    ['none while it is going on', executedWith(lost), []],
    ['none for a decline', executedWith(declined), []],
    ['none for an approval', executedWith(approved), []],
    [
      'an id of another payment',
      createAnswer({ kind: 'id_reused', id: 'x' }),
      ['payment_in_review', 'provider_id_reused'],
    ],
    [
      'C11: a wrong echo',
      createAnswer({ kind: 'wrong_echo', id: 'x', fields: ['amount'] }),
      ['create_wrong_echo'],
    ],
    [
      'C15: create refused',
      createAnswer({ kind: 'refused', status: 400, code: '2553' }),
      ['maya_configuration'],
    ],
    ['execute refused', executedWith(refused), ['maya_configuration']],
    ['C25: execute not found', executedWith({ kind: 'not_found' }), ['maya_configuration']],
    [
      'C12: a success of another amount',
      executedWith(mismatch('APPROVED')),
      ['payment_in_review', 'execute_mismatch'],
    ],
    [
      'C12: a decline of another amount',
      executedWith(mismatch('DECLINED')),
      ['payment_in_review', 'execute_mismatch'],
    ],
    ['C22: PY0010 for a person', [...executedWith(null), processed('review')], ['payment_in_review']],
    [
      'C24: PY0010 that is impossible',
      [...executedWith(null), processed('impossible')],
      ['payment_in_review', 'py0010_without_execute'],
    ],
    [
      'another payment paid',
      [...executedWith(lost), { kind: 'other_paid' }],
      ['payment_in_review', 'other_payment_paid'],
    ],
    [
      'a decision that a later fact contradicts',
      [...executedWith(null), decided('charged', 3), executeAnswer(1, declined)],
      ['payment_in_review', 'contradiction'],
    ],
  ])('%s', (_name, facts, alarms) => expect(reduce(recorded(facts)).alarms).toEqual(alarms));
});

describe('what is counted', () => {
  test.each<[string, Fact[], [string, string | null]]>([
    [
      'a 401 and one that never left are no two 401',
      executedWith(unauthorized, notSent),
      ['executing', null],
    ],
    ['lost answers alone need nobody', executedWith(lost, lost, lost, lost), ['executing', null]],
    ['two codes and a lost one', executedWith(lost, noBalance, noBalance), ['executing', null]],
    [
      'the first 401 after a lost one is no answer of its own',
      executedWith(lost, unauthorized, unauthorized, unauthorized),
      ['executing', null],
    ],
    [
      'C26: a fourth 401 is the third that decides nothing',
      executedWith(lost, unauthorized, unauthorized, unauthorized, unauthorized),
      ['review', 'undecided'],
    ],
    [
      'C26: codes and 401 count together',
      executedWith(lost, noBalance, unauthorized, unauthorized, unauthorized),
      ['review', 'undecided'],
    ],
    [
      'a decline outranks a decline of another amount',
      executedWith(mismatch('DECLINED'), declined),
      ['declined', null],
    ],
  ])('%s', (_name, facts, expected) => {
    const { state, reason } = reduce(recorded(facts));
    expect([state, reason]).toEqual(expected);
  });

  test('the id is that of the first create that gave one, in whatever order they are read', () => {
    const facts = [
      ...createAnswer({ kind: 'lost', reason: 'timeout' }),
      ...createdAs('first', 2),
      ...createdAs('second', 3),
    ];
    for (const events of [recorded(facts), recorded(facts).reverse()])
      expect(reduce(events).providerId).toBe('first');
  });

  test('whether an execute is on record', () => {
    expect(reduce(recorded(createdAs('an-id'))).executeRecorded).toBe(false);
    expect(reduce(recorded([...createdAs('an-id'), executeAttempt(1)])).executeRecorded).toBe(true);
  });
});

describe('what came after a person had decided', () => {
  const seen = 3;

  test.each<[string, Fact[], [string, string | null, string | null]]>([
    [
      'a refusal contradicts "charged"',
      [...executedWith(null), decided('charged', seen), executeAnswer(1, refused)],
      ['review', 'contradiction', null],
    ],
    [
      'a question that stays open contradicts nothing',
      [...executedWith(null), decided('charged', seen), { kind: 'time_cap' }],
      ['approved', 'staff', 'staff'],
    ],
    [
      'a success of another amount contradicts "not charged", also where the question was open before',
      [
        ...executedWith(null),
        { kind: 'tokens_gone', afterAttempt: 1 },
        decided('not_charged', seen + 1),
        executeAnswer(1, mismatch('APPROVED')),
      ],
      ['review', 'contradiction', null],
    ],
    [
      'nothing: staff is who confirmed it',
      [...executedWith(null), decided('not_charged', seen)],
      ['failed', 'staff', 'staff'],
    ],
  ])('%s', (_name, facts, expected) => {
    const { state, reason, confirmedBy } = reduce(recorded(facts));
    expect([state, reason, confirmedBy]).toEqual(expected);
  });
});
