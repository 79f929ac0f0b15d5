import { describe, expect, test } from 'vitest';
import { type Known, signedMessage } from '#e2e/rig/fake-ecommpay.ts';
import { permutations } from '#e2e/rig/permutations.ts';
import { differences, readReport } from '../../ecommpay/report.ts';
import { type Fact, factKey } from '../facts.ts';
import { reduce } from '../reduce.ts';
import { saidOf } from './facts.ts';
import { number, page } from './spec-helpers.ts';

const AMOUNT = 149_950;

/** What is recorded of a callback that says so. */
function factOf(known: Partial<Known>): Fact {
  const body = JSON.parse(signedMessage('p', { status: 'processing', amount: AMOUNT, ...known })) as object;
  const report = readReport(body as Record<string, unknown>);
  if (!report) throw new Error('a callback of this spec tells nothing');
  const expected = { projectId: 580, type: 'purchase', amountCentavos: AMOUNT } as const;
  return {
    kind: 'callback_said',
    said: saidOf(report, differences(report, expected, report.reading === 'success')),
  };
}

/** As they are recorded one after the other: what was said before is not recorded again. */
function concluded(arrived: readonly Fact[]) {
  const known = new Map<string, Fact>();
  for (const fact of arrived) if (!known.has(factKey(fact))) known.set(factKey(fact), fact);
  return reduce(number([page, ...known.values()]));
}

const opened: Partial<Known> = { status: 'awaiting customer' };
const firstTryDeclined: Partial<Known> = {
  status: 'awaiting customer',
  operationStatus: 'decline',
  code: '20105',
};
const secondTry: Partial<Known> = { status: 'processing', operation: 591 };
const success: Partial<Known> = { status: 'success', operation: 591 };
const decline: Partial<Known> = { status: 'decline', operation: 591, code: '20101' };

describe('E2, E3: seven callbacks, some delivered twice, in each of their 5,040 orders', () => {
  test.each<[string, Partial<Known>[], object]>([
    [
      'a second try that succeeds',
      [opened, opened, firstTryDeclined, secondTry, secondTry, success, success],
      { state: 'approved', confirmedBy: 'provider', debited: true, asking: 'no', alarms: [] },
    ],
    [
      'a second try that is declined',
      [opened, firstTryDeclined, firstTryDeclined, secondTry, decline, decline, decline],
      { state: 'declined', reason: '20101', debited: false, asking: 'no' },
    ],
    [
      'a decline that is reversed',
      [opened, opened, secondTry, decline, decline, success, success],
      { state: 'approved', debited: true, alarms: ['contradiction'] },
    ],
    [
      'a success of another sum',
      [
        opened,
        opened,
        firstTryDeclined,
        secondTry,
        secondTry,
        { ...success, amount: 1 },
        { ...success, amount: 1 },
      ],
      { state: 'review', reason: 'money_differs', debited: true },
    ],
  ])('%s', (_name, history, expected) => {
    const wanted = concluded(history.map(factOf));
    expect(wanted).toMatchObject(expected);
    let orders = 0;
    for (const arrived of permutations(history.map(factOf))) {
      expect(concluded(arrived)).toEqual(wanted);
      orders += 1;
    }
    expect(orders).toBe(5_040);
  });
});
