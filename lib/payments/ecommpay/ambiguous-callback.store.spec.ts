import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { driveUntil } from '#e2e/rig/drive.ts';
import {
  AMOUNT,
  type Edge,
  freshEdge,
  HOUR,
  MINUTE,
  makeEcommpayRig,
  makeVisitor,
  nextLookInMs,
  pass,
} from '#e2e/rig/ecommpay-shopper.ts';
import { deliver, type EcommpayAnswer, type Known, signedMessage } from '#e2e/rig/fake-ecommpay.ts';
import { alarms, history, orderRow, outboxKinds } from '#e2e/rig/payments.ts';
import type { Rig } from '#e2e/rig/rig.ts';
import { decide } from '../staff.ts';
import { sweep } from '../sweeper.ts';
import { startPagePayment } from './start-page.ts';

/** What comes of a callback whose signature fits another message too, for a payment that nobody asks about any more. */

let edge: Edge;
let rig: Rig;
beforeAll(async () => {
  rig = await makeEcommpayRig(() => edge);
  rig.deps.announced = () => {};
});
afterAll(() => rig.close());
beforeEach(() => {
  edge = freshEdge();
});

const AMBIGUOUS = 'Approved; manual change';
const ana = { actor: 'ana', evidence: 'Dashboard: declined' };
const lost: EcommpayAnswer = () => Promise.reject(new Error('reset'));

/** A customer who was handed to the Payment Page. */
async function onThePage() {
  const visitor = await makeVisitor(rig);
  await startPagePayment(rig.deps, visitor.buyer, visitor.order, visitor.order.version);
  const { id } = await visitor.payment();
  const message = (known: Partial<Known>) =>
    signedMessage(id, { status: 'success', amount: AMOUNT, ...known });
  return {
    ...visitor,
    id,
    message,
    says: (known: Partial<Known>) => deliver(rig.deps, message(known)),
    /** So it is now at ECommPay, which says so in an ambiguous callback, and when it is asked. */
    becomes: (known: Partial<Known>, deps = rig.deps) => {
      edge.ecommpay.tell(id, { status: 'success', amount: AMOUNT, ...known });
      return deliver(deps, message({ message: AMBIGUOUS, ...known }));
    },
    asked: () => edge.ecommpay.calls.filter((call) => call.name === 'status' && call.paymentId === id).length,
    alarms: () => alarms(rig.deps, id),
    state: async () => (await visitor.payment()).state,
  };
}

type Customer = Awaited<ReturnType<typeof onThePage>>;

/** Ways in which a payment ends so that nobody asks about it any more. */
const ENDS: [string, string, (customer: Customer) => Promise<unknown>][] = [
  ['declined', 'declined', ({ says }) => says({ status: 'decline', code: '20105' })],
  ...(['error', 'expired'] as const).map((status): (typeof ENDS)[number] => [
    `ended as ${status}`,
    'failed',
    ({ id }) => {
      edge.ecommpay.tell(id, { status, amount: AMOUNT });
      return pass(rig, id, 31 * MINUTE);
    },
  ]),
  [
    'called not charged by a person',
    'failed',
    async ({ id, payment }) => {
      edge.ecommpay.tell(id, { status: 'processing', amount: AMOUNT });
      await pass(rig, id, 27 * HOUR);
      const { version } = await payment();
      await decide({ ...rig.deps, executeTimeoutMs: 60_000 }, id, 'not_charged', version, ana);
    },
  ],
];

async function ended(end = ENDS[0]?.[2]): Promise<Customer> {
  const customer = await onThePage();
  await end?.(customer);
  expect(await nextLookInMs(rig.deps, customer.id)).toBeNull();
  return customer;
}

describe('E18: an ambiguous success of a payment that has ended', () => {
  test.each(ENDS)('%s: comes to what a readable one comes to', async (_name, state, end) => {
    const clear = await ended(end);
    const ambiguous = await ended(end);
    expect([await clear.state(), await ambiguous.state()]).toEqual([state, state]);
    expect(await clear.says({})).toBe(200);
    expect(await ambiguous.becomes({})).toBe(200);
    await expect.poll(ambiguous.state).toBe('approved');
    for (const { id, order, shows, alarms: raised } of [clear, ambiguous]) {
      expect(await shows()).toEqual(['approved', false]);
      expect(await raised()).toEqual(['contradiction']);
      expect(await outboxKinds(rig.deps, order.id)).toEqual(['order.paid']);
      expect(await orderRow(rig.deps, order.id)).toMatchObject({ paid_by: id });
      expect(await nextLookInMs(rig.deps, id)).toBeNull();
    }
  });

  test('while ECommPay is asked, the customer’s page stays as it is', async () => {
    const { becomes, shows, asked } = await ended();
    let answer = () => {};
    const mayAnswer = new Promise<void>((resolve) => {
      answer = resolve;
    });
    edge.ecommpay.script.status.push(async (call, fake) => {
      await mayAnswer;
      return fake.well(call);
    });
    expect(await becomes({})).toBe(200);
    await expect.poll(asked).toBe(1);
    expect(await shows()).toEqual(['declined', true]);
    answer();
    await expect.poll(shows).toEqual(['approved', false]);
  });

  test('asking is durable with the acknowledgement: the process dies, and the next one asks', async () => {
    const { becomes, state, id } = await ended();
    let dead = false;
    const dying = {
      ...rig.deps,
      reach: (point: string) => {
        dead ||= point === 'callback.saved';
        return dead ? new Promise<void>(() => {}) : undefined;
      },
    };
    void becomes({}, dying);
    await expect.poll(() => dead).toBe(true);
    expect(await state()).toBe('declined');
    const next = await makeEcommpayRig(() => edge, { test: rig.test });
    const sweeping = sweep(next.deps, async () => {});
    await driveUntil(rig.test, state, (now) => now === 'approved');
    next.deps.stop.abort();
    await driveUntil(
      rig.test,
      () => nextLookInMs(rig.deps, id),
      (next_) => next_ === null,
    );
    await sweeping;
  });

  test('several that come together are each asked about', async () => {
    const customers = await Promise.all([ended(), ended(), ended()]);
    const answers = await Promise.all(customers.map(({ becomes }) => becomes({})));
    expect(answers).toEqual([200, 200, 200]);
    for (const { state } of customers) await expect.poll(state).toBe('approved');
  });
});

describe('E18: an ambiguous callback of a payment that was paid', () => {
  test.each<[string, Partial<Known>, string]>([
    ['a refund', { status: 'refunded', operation: 591 }, 'unexpected_status'],
    [
      'a second operation',
      {
        operation: 591,
        operations: [590, 591].map((id) => ({ id, type: 'sale', status: 'success' })),
      },
      'second_operation',
    ],
  ])('%s raises its alarm', async (_name, known, alarm) => {
    const { becomes, alarms: raised, state } = await ended(({ says }) => says({}));
    expect(await becomes(known)).toBe(200);
    await expect.poll(raised).toEqual([alarm]);
    expect(await state()).toBe('approved');
  });
});

/** The same signed text cut elsewhere: the operation's status goes into its message. */
function cutAnew(message: string): string {
  const { operation, ...rest } = JSON.parse(message) as Record<string, Record<string, unknown>>;
  const { status, message: words, ...others } = operation ?? {};
  return JSON.stringify({
    ...rest,
    operation: { ...others, message: `${words};operation:status:${status}` },
  });
}

describe('E18: asking about an ambiguous callback ends', () => {
  const decline = { status: 'decline', code: '20105' };

  test('with the answer: the same callback again, however it is cut, is not asked about again', async () => {
    const { becomes, message, asked, id, state } = await ended();
    expect(await becomes(decline)).toBe(200);
    await expect.poll(() => nextLookInMs(rig.deps, id)).toBeNull();
    expect(asked()).toBe(1);
    const again = message({ message: AMBIGUOUS, ...decline });
    for (const body of [again, cutAnew(again), again, cutAnew(again)])
      expect(await deliver(rig.deps, body)).toBe(200);
    await pass(rig, id, 2 * HOUR);
    expect([asked(), await state()]).toEqual([1, 'declined']);
  });

  test('what is said anew is asked about anew', async () => {
    const { becomes, asked, id, state } = await ended();
    await becomes(decline);
    await expect.poll(() => nextLookInMs(rig.deps, id)).toBeNull();
    await becomes({});
    await expect.poll(state).toBe('approved');
    expect(asked()).toBe(2);
  });

  test('after a day without any answer, with an alarm; the payment stays as it was shown', {
    timeout: 60_000,
  }, async () => {
    const { becomes, message, asked, id, shows, state, alarms: raised } = await ended();
    edge.ecommpay.script.status.push(...Array.from({ length: 100 }, () => lost));
    expect(await becomes({})).toBe(200);
    await pass(rig, id, MINUTE);
    expect(asked()).toBeGreaterThan(5);
    expect(await shows()).toEqual(['declined', true]);
    await pass(rig, id, 23 * HOUR);
    expect([await raised(), await state()]).toEqual([[], 'declined']);
    await pass(rig, id, 3 * HOUR);
    expect([await raised(), await state()]).toEqual([['status_unanswered'], 'declined']);
    const count = asked();
    expect(count).toBeLessThan(50);
    expect(await deliver(rig.deps, message({ message: AMBIGUOUS }))).toBe(200);
    await pass(rig, id, 3 * HOUR);
    expect([asked(), await nextLookInMs(rig.deps, id)]).toEqual([count, null]);
  });

  test('where a person decides who had seen it; one that comes after that is asked about', async () => {
    const { becomes, asked, id, payment, state, alarms: raised } = await onThePage();
    edge.ecommpay.script.status.push(...Array.from({ length: 100 }, () => lost));
    expect(await becomes({})).toBe(200);
    await pass(rig, id, 27 * HOUR);
    const count = asked();
    const { version } = await payment();
    await decide({ ...rig.deps, executeTimeoutMs: 60_000 }, id, 'not_charged', version, ana);
    expect([await state(), await nextLookInMs(rig.deps, id)]).toEqual(['failed', null]);
    await pass(rig, id, 3 * HOUR);
    expect(asked()).toBe(count);
    expect(await raised()).not.toContain('status_unanswered');
    edge.ecommpay.script.status.length = 0;
    await becomes({ operation: 591 });
    await expect.poll(state).toBe('approved');
  });

  test('also where another project is set, which is never asked', async () => {
    const { becomes, id, alarms: raised, asked, state } = await ended();
    const other = await makeEcommpayRig(() => edge, {
      test: rig.test,
      settings: { ECOMMPAY_PROJECT_ID: '581' },
    });
    expect(await becomes({}, other.deps)).toBe(200);
    await pass(other, id, 28 * HOUR);
    expect([asked(), await state(), await raised()]).toEqual([0, 'declined', ['status_unanswered']]);
    expect(await nextLookInMs(rig.deps, id)).toBeNull();
  });
});

test('E18: an ambiguous callback of a payment that ECommPay did not know puts that in question again', async () => {
  const { becomes, id, state, shows } = await onThePage();
  await pass(rig, id, 3 * HOUR);
  expect(await state()).toBe('failed');
  edge.ecommpay.script.status.push(lost);
  expect(await becomes({})).toBe(200);
  expect(await shows()).toEqual(['executing', false]);
  await pass(rig, id, 2 * HOUR);
  expect(await history(rig.deps, id)).toContain('status_said');
  expect(await shows()).toEqual(['approved', false]);
});

test.each<[string, Partial<Known>]>([
  ['another project', { project: 581 }],
  ['another type', { type: 'payout' }],
  ['another sum', { amount: 1 }],
])('E18: an ambiguous callback that names %s differs from nothing', async (_name, changes) => {
  const { message, alarms: raised, shows, id, buyer, fresh } = await onThePage();
  edge.ecommpay.tell(id, { status: 'processing', amount: AMOUNT });
  expect(await deliver(rig.deps, message({ message: AMBIGUOUS, ...changes }))).toBe(200);
  await expect.poll(() => history(rig.deps, id)).toContain('status_said');
  expect([await shows(), await raised()]).toEqual([['executing', false], []]);
  const order = await fresh();
  expect(await startPagePayment(rig.deps, buyer, order, order.version)).toMatchObject({ kind: 'go' });
});
