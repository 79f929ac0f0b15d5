import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Database } from '../world/database.ts';
import { makePlan } from '../world/plan.ts';
import { World } from '../world/world.ts';
import type { Judge } from './judge.ts';

let database: Database;
let judge: Judge;

beforeAll(async () => {
  database = await Database.open();
});
beforeEach(() => {
  ({ judge } = new World({ database, plan: makePlan(1) }));
  judge.ordered('order', 'ana', 1_000);
});

const tap = () => judge.tapped({ order: 'order', customer: 'ana', amountCentavos: 1_000 });
const debit = (amountCentavos = 1_000) =>
  judge.debited({ customer: 'ana', amountCentavos, providerId: 'id', at: 0 });
const show = (state: string, payable = false) =>
  judge.shown({ order: 'order', customer: 'ana', state, payable, duplicate: false });
const names = () => judge.violations.map((violation) => violation.split(':')[0]);

describe('the judge', () => {
  test('has nothing to say of a payment that went well', () => {
    show('open', true);
    tap().answer = 'following';
    show('executing');
    debit();
    show('approved');
    expect(names()).toEqual([]);
  });

  test.each<[string, () => void, string]>([
    [
      'two debits',
      () => {
        tap();
        debit();
        debit();
      },
      'charged once',
    ],
    [
      'another amount than was shown',
      () => {
        tap();
        debit(1_001);
      },
      'amount',
    ],
    ['a debit that nobody asked for', () => debit(), 'amount'],
    [
      'shown as paid without a debit',
      () => {
        tap();
        show('approved');
      },
      'shown paid',
    ],
    [
      'shown as declined after a debit',
      () => {
        tap();
        debit();
        show('declined');
      },
      'charge forgotten',
    ],
    [
      'shown as expired after a debit',
      () => {
        tap();
        debit();
        show('expired');
      },
      'charge forgotten',
    ],
    [
      'Pay beside an open question',
      () => {
        tap();
        show('executing', true);
      },
      'told the truth',
    ],
    [
      'a sessionId redeemed twice',
      () => {
        judge.redeemed('s');
        judge.redeemed('s');
      },
      'sessionId',
    ],
    ['a total that changes', () => judge.ordered('order', 'ana', 2_000), 'amount'],
    ['an error that is not the store’s', () => judge.expectStoreError(new TypeError('x')), 'no crash'],
  ])('finds %s', (_what, happen, invariant) => {
    happen();
    expect(names()).toEqual([invariant]);
  });

  test('finds a debit after the customer was told that nothing was paid', () => {
    tap().answer = 'following';
    show('failed', true);
    debit();
    expect(names()).toEqual(['told the truth']);
  });

  test('knows that a second tap may charge after the first was told', () => {
    tap().answer = 'following';
    show('failed', true);
    tap();
    debit();
    expect(names()).toEqual([]);
  });
});
