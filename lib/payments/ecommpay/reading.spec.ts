import { describe, expect, test } from 'vitest';
import type { Fact } from '../facts.ts';
import { reduce } from '../reduce.ts';
import {
  accepted,
  ambiguous,
  answer,
  callback,
  decided,
  duplicate,
  lost,
  notFound,
  notSent,
  number,
  otherSum,
  page,
  redirect,
  refused,
  sale,
  settled,
  status,
  unclear,
} from './spec-helpers.ts';

const concluded = (facts: Fact[]) => {
  const { state, reason, asking } = reduce(number(facts));
  return [state, reason, asking];
};
const alarms = (facts: Fact[]) => reduce(number(facts)).alarms;

describe('the Payment Page', () => {
  test.each<[string, Fact[], unknown[]]>([
    ['the address was handed out', [page], ['executing', null, 'yes']],
    ['not found so far', [page, notFound(false)], ['executing', null, 'yes']],
    ['not found when it is final', [page, notFound(true)], ['failed', 'not_registered', 'no']],
    [
      'not found, although it was known',
      [page, callback('pending'), notFound(true)],
      ['executing', null, 'yes'],
    ],
    [
      'E3: a declined operation only',
      [page, callback('pending', { status: 'awaiting customer', operationStatus: 'decline', code: '20105' })],
      ['executing', null, 'yes'],
    ],
    ['success', [page, callback('success')], ['approved', null, 'no']],
    ['success, asked for', [page, status('success')], ['approved', null, 'no']],
    ['decline', [page, callback('decline', { code: '20101' })], ['declined', '20101', 'no']],
    [
      'E3: awaiting after success',
      [page, callback('success'), callback('pending')],
      ['approved', null, 'no'],
    ],
    [
      'E3: awaiting after decline',
      [page, callback('decline'), callback('pending')],
      ['declined', null, 'no'],
    ],
    ['an error by callback is asked about', [page, callback('error')], ['executing', null, 'yes']],
    ['an error, asked for', [page, status('error')], ['failed', 'error', 'no']],
    ['expired, asked for', [page, status('expired')], ['failed', 'expired', 'no']],
    [
      'E6: success of another amount',
      [page, callback('success', otherSum)],
      ['review', 'money_differs', 'hourly'],
    ],
    [
      'E6: decline of another amount',
      [page, callback('decline', otherSum)],
      ['review', 'money_differs', 'hourly'],
    ],
    [
      'E6: under way with another amount',
      [page, callback('pending', otherSum)],
      ['review', 'money_differs', 'hourly'],
    ],
    [
      'E6: then success of ours',
      [page, callback('success', otherSum), status('success')],
      ['approved', null, 'no'],
    ],
    [
      'E15: success of another amount outranks a decline',
      [page, callback('decline'), callback('success', otherSum)],
      ['review', 'money_differs', 'hourly'],
    ],
    ['a refund', [page, callback('unexpected')], ['review', 'unexpected_status', 'hourly']],
    [
      'a day and an hour',
      [page, callback('pending'), { kind: 'time_cap' }],
      ['review', 'time_cap', 'hourly'],
    ],
    [
      'then declined after all',
      [page, { kind: 'time_cap' }, callback('decline', { code: '20000' })],
      ['declined', '20000', 'no'],
    ],
  ])('%s', (_name, facts, expected) => expect(concluded(facts)).toEqual(expected));
});

describe('a Gate sale', () => {
  test.each<[string, Fact[], unknown[]]>([
    ['recorded', [sale()], ['creating', null, 'yes']],
    ['accepted', [sale(), answer(accepted)], ['executing', null, 'yes']],
    [
      'E13: a duplicate of itself',
      [sale(), answer(lost), sale(2), answer(duplicate, 2)],
      ['executing', null, 'yes'],
    ],
    ['E13: lost', [sale(), answer(lost)], ['creating', null, 'yes']],
    ['unclear', [sale(), answer(unclear)], ['creating', null, 'yes']],
    ['E1: lost, but a callback speaks of it', [sale(), callback('pending')], ['executing', null, 'yes']],
    ['lost, but there is somewhere to go', [sale(), answer(lost), redirect], ['executing', null, 'yes']],
    ['refused', [sale(), answer(refused('100', 'declined'))], ['failed', '100', 'no']],
    [
      'refused for our settings',
      [sale(), answer(refused('2442', 'configuration'))],
      ['failed', '2442', 'no'],
    ],
    [
      'refused, after one that was lost',
      [sale(), answer(lost), sale(2), answer(refused('100', 'declined'), 2)],
      ['creating', null, 'yes'],
    ],
    [
      'refused, after one that never left',
      [sale(), answer(notSent), sale(2), answer(refused('100', 'declined'), 2)],
      ['failed', '100', 'no'],
    ],
    [
      'refused, but a callback speaks of it',
      [sale(), answer(refused('100', 'declined')), callback('pending')],
      ['executing', null, 'yes'],
    ],
    ['never left', [sale(), answer(notSent)], ['creating', null, 'yes']],
    [
      'never left in time',
      [sale(), answer(notSent), { kind: 'pay_by_passed', afterAttempt: 1 }],
      ['failed', 'not_connected', 'no'],
    ],
    [
      'lost, out of time: no end',
      [sale(), answer(lost), { kind: 'pay_by_passed', afterAttempt: 1 }],
      ['creating', null, 'yes'],
    ],
    ['not found too early', [sale(), answer(lost), notFound(false)], ['creating', null, 'yes']],
    [
      'not found when it is final',
      [sale(), answer(lost), notFound(true)],
      ['failed', 'not_registered', 'no'],
    ],
    [
      'not found, before it was sent again',
      [sale(), answer(lost), notFound(true), sale(2)],
      ['creating', null, 'yes'],
    ],
    [
      'accepted, and not found when it is final',
      [sale(), answer(accepted), notFound(true)],
      ['failed', 'not_registered', 'no'],
    ],
  ])('%s', (_name, facts, expected) => expect(concluded(facts)).toEqual(expected));

  test('what staff has to mend raises an alarm', () => {
    expect(alarms([sale(), answer(refused('2442', 'configuration'))])).toEqual(['ecommpay_configuration']);
    expect(alarms([sale(), answer(refused('3261', 'our_fault'))])).toEqual(['ecommpay_configuration']);
    expect(alarms([sale(), answer(refused('100', 'declined'))])).toEqual([]);
    expect(alarms([sale(), answer(refused('314', 'retry_later'))])).toEqual([]);
  });
});

describe('what contradicts is told', () => {
  test.each<[string, Fact[]]>([
    ['a success after a decline', [page, callback('decline'), callback('success')]],
    ['a decline after a success', [page, callback('success'), status('decline')]],
    ['a success after "not found" was final', [page, notFound(true), callback('success')]],
    ['a success after a refusal', [sale(), answer(refused('100', 'declined')), callback('success')]],
    ['a success after an error', [page, status('error'), callback('success')]],
  ])('%s: approved, with an alarm', (_name, facts) => {
    expect(concluded(facts)).toEqual(['approved', null, 'no']);
    expect(alarms(facts)).toEqual(['contradiction']);
  });

  test('a refund after a success stays approved, with an alarm', () => {
    expect(alarms([page, callback('success'), callback('unexpected')])).toEqual(['unexpected_status']);
  });
});

describe('E18: an ambiguous callback', () => {
  test.each<[string, Fact[], unknown[]]>([
    ['of what is under way', [page, ambiguous('1')], ['executing', null, 'yes']],
    ['of what was declined', [page, callback('decline'), ambiguous('1')], ['declined', null, 'to_be_sure']],
    ['of what was paid', [page, callback('success'), ambiguous('1')], ['approved', null, 'to_be_sure']],
    ['of what ended as error', [page, status('error'), ambiguous('1')], ['failed', 'error', 'to_be_sure']],
    [
      'of what a person decided',
      [page, decided('not_charged', 1), ambiguous('1')],
      ['failed', 'staff', 'to_be_sure'],
    ],
    [
      'of what a person has to look at again',
      [page, decided('charged', 1), callback('decline'), ambiguous('1')],
      ['review', 'contradiction', 'to_be_sure'],
    ],
    [
      'of what a person has to look at',
      [page, ambiguous('1'), { kind: 'time_cap' }],
      ['review', 'time_cap', 'hourly'],
    ],
    ['answered', [page, callback('decline'), ambiguous('1'), settled('1')], ['declined', null, 'no']],
    [
      'answered, and another one',
      [page, callback('decline'), ambiguous('1'), settled('1'), ambiguous('2')],
      ['declined', null, 'to_be_sure'],
    ],
    [
      'of what ECommPay did not know: that is in question',
      [page, notFound(true), ambiguous('1')],
      ['executing', null, 'yes'],
    ],
  ])('%s', (_name, facts, expected) => expect(concluded(facts)).toEqual(expected));

  test('that nobody answered is told, and not asked about any more', () => {
    const facts = [page, callback('decline'), ambiguous('1'), settled('1', false)];
    expect(concluded(facts)).toEqual(['declined', null, 'no']);
    expect(alarms(facts)).toEqual(['status_unanswered']);
    expect(alarms(facts.with(-1, settled('1')))).toEqual([]);
  });
});

describe('a person decides', () => {
  test.each<[string, Fact[], unknown[]]>([
    ['charged', [page, decided('charged', 1)], ['approved', 'staff', 'no']],
    ['not charged', [page, { kind: 'time_cap' }, decided('not_charged', 2)], ['failed', 'staff', 'no']],
    ['a decline agrees', [page, decided('not_charged', 1), callback('decline')], ['failed', 'staff', 'no']],
    [
      'a decline contradicts',
      [page, decided('charged', 1), callback('decline')],
      ['review', 'contradiction', 'no'],
    ],
    [
      'another sum contradicts',
      [page, decided('not_charged', 1), callback('success', otherSum)],
      ['review', 'contradiction', 'no'],
    ],
    ['a success beats it', [page, decided('not_charged', 1), callback('success')], ['approved', null, 'no']],
  ])('%s', (_name, facts, expected) => expect(concluded(facts)).toEqual(expected));
});
