import { expect, test } from 'vitest';
import { systemIds } from '../base/ids.ts';
import {
  makeVisitorKeys,
  readVisitor,
  visitorCookieName,
  visitorCookieOptions,
  writeVisitor,
} from './visitor.ts';

const keys = makeVisitorKeys('a password for tests, which is long enough');

test('a visitor is known again', () => {
  const id = systemIds.key();
  expect(readVisitor(keys, writeVisitor(keys, id))).toEqual({ row: id, customerId: null });
});

test('C42: nobody is taken for another visitor', () => {
  const [mine, yours] = [systemIds.key(), systemIds.key()];
  const value = writeVisitor(keys, mine);
  const signature = value.split('.')[1] ?? '';
  for (const forged of [
    undefined,
    '',
    '.',
    mine,
    `${yours}.${signature}`,
    `${mine}.`,
    `${mine}.${signature}x`,
    `${value}.x`,
    writeVisitor(makeVisitorKeys('another password, which is long enough too'), mine),
    writeVisitor(keys, 'session'),
  ])
    expect(readVisitor(keys, forged), String(forged)).toBeNull();
});

test('B13: a change of the password keeps visitors', () => {
  const id = systemIds.key();
  const value = writeVisitor(keys, id);
  const changed = makeVisitorKeys('the password of tomorrow', 'a password for tests, which is long enough');
  expect(readVisitor(changed, value)?.row).toBe(id);
});

test('the cookie is for this host only where it is served over https', () => {
  expect(visitorCookieName(true)).toBe('__Host-visitor');
  expect(visitorCookieOptions(true)).toMatchObject({
    secure: true,
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
  });
  expect(visitorCookieName(false)).toBe('visitor');
});
