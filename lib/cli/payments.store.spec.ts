import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { drive } from '#e2e/rig/drive.ts';
import { freshEdge, makeEcommpayRig, makeVisitor } from '#e2e/rig/ecommpay-shopper.ts';
import { FakeMaya } from '#e2e/rig/fake-maya.ts';
import { onlyPayment, orderRow } from '#e2e/rig/payments.ts';
import { makeOrder, makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { openTestStore } from '#e2e/rig/test-store.ts';
import { systemClock } from '../base/clock.ts';
import { formatManila } from '../base/dates.ts';
import { raiseAlarm } from '../db/alarms.ts';
import { startPagePayment } from '../payments/ecommpay/start-page.ts';
import { pay } from '../payments/pay.ts';
import { loadEvents } from '../payments/payment.ts';
import { mayDecideFromMs } from '../payments/staff.ts';

let maya: FakeMaya;
let rig: Rig;

beforeAll(async () => {
  const test = await openTestStore({ onDisk: true });
  rig = await makeRig((url, init) => maya.fetch(url, init), { test });
});
afterAll(() => rig.test.close());
beforeEach(() => {
  maya = new FakeMaya();
});

/** Runs the command as staff does, in a process of its own with nothing but the store's address. */
async function command(...args: string[]): Promise<{ code: number; text: string }> {
  const child = spawn(process.execPath, ['lib/cli/payments.ts', ...args], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', DATABASE_URL: rig.test.url },
  });
  const parts: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => parts.push(String(data)));
  const [code] = (await once(child, 'close')) as [number];
  return { code, text: parts.join('') };
}

/** A payment that Maya answered with another one's id. */
async function inReview() {
  const session = await makeSession(rig.deps);
  const order = await makeOrder(rig.deps, session);
  maya.script.execute.push((call, fake) => fake.result(call, 'APPROVED', { id: 'somebody-elses-id' }));
  await drive(rig.test, (await pay(rig.deps, session, order.id, order.version)).settled);
  const payment = await onlyPayment(rig.deps, order.id);
  return { order, payment, now: () => onlyPayment(rig.deps, order.id) };
}

test('list, show and decide: from the open question to the paid order', { timeout: 30_000 }, async () => {
  const { order, payment } = await inReview();
  const listed = await command('list');
  expect(listed.text).toContain(`DECIDE  ${payment.id}`);
  expect(listed.text).toContain('₱1,499.50');

  const shown = await command('show', payment.id);
  expect(shown.text).toContain(`version ${payment.version}`);
  expect(shown.text).toContain(String(payment.provider_id));
  for (const call of [...maya.named('create'), ...maya.named('execute')])
    expect(shown.text).toContain(call.reference);
  expect(shown.text).not.toContain('access.');

  const who = ['--by', 'Ana Reyes', '--evidence', 'Maya Manager: debited'];
  const stale = await command('decide', payment.id, 'charged', '--seen', String(payment.version - 1), ...who);
  expect([stale.code, stale.text]).toEqual([1, expect.stringContaining('Look again')]);
  const decided = await command('decide', payment.id, 'charged', '--seen', String(payment.version), ...who);
  expect([decided.code, decided.text]).toEqual([0, expect.stringContaining('approved')]);
  expect(await orderRow(rig.deps, order.id)).toMatchObject({ paid_by: payment.id });
  expect((await command('show', payment.id)).text).toContain(
    'Ana Reyes: payment.decide charged (Maya Manager: debited)',
  );
  expect((await command('list')).text).not.toContain(payment.id);
});

test.each<[string, string[], string]>([
  ['an unknown command', ['destroy'], 'There is no command'],
  ['no such payment', ['show', '00000000-0000-7000-8000-000000000000'], 'There is no such payment'],
  ['a decision without a person', ['decide', 'x', 'charged', '--seen', '1'], 'Say who you are'],
  ['a decision without a version', ['decide', 'x', 'charged', '--by', 'a', '--evidence', 'b'], '--seen'],
  ['neither charged nor not', ['decide', 'x', 'maybe'], 'not-charged'],
  ['an unknown option', ['list', '--force'], 'force'],
])('%s: says what to do', { timeout: 30_000 }, async (_name, args, text) => {
  const result = await command(...args);
  expect(result.code).toBe(1);
  expect(result.text).toContain(text);
});

test('a payment that the customer can still pay is not decided; staff is told from when on', {
  timeout: 30_000,
}, async () => {
  const { deps } = await makeEcommpayRig(freshEdge, { test: rig.test });
  const { buyer, order, payment } = await makeVisitor({ ...rig, deps });
  // The command runs by the machine's clock.
  await startPagePayment({ ...deps, clock: systemClock }, buyer, order, order.version);
  const { id, version } = await payment();
  const who = ['--seen', String(version), '--by', 'Ana Reyes', '--evidence', 'Dashboard: nothing'];
  const refused = await command('decide', id, 'not-charged', ...who);
  const from = formatManila(mayDecideFromMs(await loadEvents(deps.store.db, id), 60_000, 'not_charged'));
  expect([refused.code, refused.text]).toEqual([1, expect.stringContaining(`from ${from} on`)]);
  expect((await command('show', id)).text).toContain(`from ${from} on`);
  expect((await payment()).state).toBe('executing');
});

test('ask-again asks only where that can tell more', { timeout: 30_000 }, async () => {
  const { payment, now } = await inReview();
  const who = ['--by', 'Ana Reyes', '--evidence', 'customer called'];
  const refused = await command('ask-again', payment.id, ...who);
  expect([refused.code, refused.text]).toEqual([1, expect.stringContaining('cannot tell more')]);
  // The same question where three undecided codes came back can be asked once more.
  const undecided = { attempt: 1, outcome: { kind: 'lost', reason: 'timeout' } };
  await rig.deps.store.db
    .updateTable('payment_events')
    .set({ data: JSON.stringify(undecided) })
    .where('payment_id', '=', payment.id)
    .where('kind', '=', 'execute_answer')
    .execute();
  const asked = await command('ask-again', payment.id, ...who);
  expect([asked.code, asked.text]).toEqual([0, expect.stringContaining('asks at its next turn')]);
  expect((await now()).next_ask_at).toBeLessThanOrEqual(Date.now());
});

test('alarms and acknowledge: what is open about settled payments too, until somebody has seen to it', {
  timeout: 30_000,
}, async () => {
  await raiseAlarm(rig.deps, rig.deps.store.db, { kind: 'unexpected_status', subject: 'payment-1' });
  await raiseAlarm(rig.deps, rig.deps.store.db, { kind: 'unexpected_status', subject: 'payment-1' });
  expect((await command('list')).text).toContain('npm run payments -- alarms');
  const listed = await command('alarms');
  expect(listed.text).toMatch(/unexpected_status +payment-1 +since .*2 times.* --seen 2\n/);
  expect((await command('acknowledge', 'payment-1')).code).toBe(1);
  const reason = ['--by', 'Ana Reyes', '--evidence', 'returned by hand'];
  const unseen = await command('acknowledge', 'payment-1', ...reason);
  expect([unseen.code, unseen.text]).toEqual([1, expect.stringContaining('as "alarms" prints it')]);
  await raiseAlarm(rig.deps, rig.deps.store.db, { kind: 'second_operation', subject: 'payment-1' });
  const stale = await command('acknowledge', 'payment-1', '--seen', '2', ...reason);
  expect([stale.code, stale.text]).toEqual([1, expect.stringContaining('nothing was closed. Look again')]);
  expect((await command('alarms')).text).toMatch(/second_operation +payment-1 .* --seen 3\n/);
  const who = ['--seen', '3', ...reason];
  expect((await command('acknowledge', 'payment-1', ...who)).text).toContain(
    'Acknowledged: second_operation, unexpected_status.',
  );
  expect((await command('alarms')).text).not.toContain('payment-1');
  expect((await command('acknowledge', 'payment-1', ...who)).code).toBe(1);
  expect(await command('returned', 'payment-1', ...reason)).toMatchObject({
    code: 1,
    text: expect.stringContaining('There is no such payment'),
  });
  expect(await command('returned', 'payment-1', '--by', 'machine', '--evidence', 'none')).toMatchObject({
    code: 1,
    text: expect.stringContaining('Say who you are'),
  });
  const audit = await rig.deps.store.db
    .selectFrom('audit')
    .selectAll()
    .where('subject', '=', 'payment-1')
    .execute();
  expect(audit).toMatchObject([
    {
      actor: 'Ana Reyes',
      action: 'alarm.acknowledge second_operation, unexpected_status',
      evidence: 'returned by hand',
    },
  ]);
});
