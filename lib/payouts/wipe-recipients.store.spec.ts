import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { drive } from '#e2e/rig/drive.ts';
import { type Edge, freshEdge, HOUR, makeEcommpayRig } from '#e2e/rig/ecommpay-shopper.ts';
import { deliver, refusedWith, signedMessage } from '#e2e/rig/fake-ecommpay.ts';
import { booked, csvOf, importText, known, makeBatch, payoutRow, row } from '#e2e/rig/payouts.ts';
import type { Rig } from '#e2e/rig/rig.ts';
import { openPayoutDossier } from '../ops/payout-dossier.ts';
import { sendBatch, sendOne } from './send-batch.ts';
import { decide } from './staff.ts';
import { sweepPayouts } from './sweeper.ts';
import { wipeRecipients } from './wipe-recipients.ts';

const DAY = 24 * HOUR;
let edge: Edge;
let rig: Rig;

beforeAll(async () => {
  rig = await makeEcommpayRig(() => edge, { settings: { PAYOUT_RECIPIENT_DAYS: '30' } });
});
afterAll(() => rig.close());
beforeEach(() => {
  edge = freshEdge();
});

const isThere = async (id: string) => (await payoutRow(rig.deps, id)).sealed_recipient !== '';

async function paid(): Promise<string> {
  const { batchId, ids } = await makeBatch(rig.deps);
  const id = ids[0] ?? '';
  await drive(rig.test, sendBatch(rig.deps, batchId, 'ana'), 10);
  await deliver(rig.deps, signedMessage(id, known('success')));
  return id;
}

test('so many days after its end a payout has no recipient any more, and keeps everything else', async () => {
  const id = await paid();
  await rig.test.advance(30 * DAY - HOUR);
  await wipeRecipients(rig.deps);
  expect(await isThere(id)).toBe(true);
  const before = await payoutRow(rig.deps, id);
  await rig.test.advance(HOUR + 1);
  await wipeRecipients(rig.deps);
  expect(await payoutRow(rig.deps, id)).toEqual({ ...before, sealed_recipient: '' });
  expect(await booked(rig.deps, id)).toEqual([150_000]);
  const dossier = await openPayoutDossier(rig.deps.store.db, rig.deps.payouts.keys, id, 48 * HOUR);
  expect([dossier?.recipient, dossier?.events.length]).toEqual(['wiped', 3]);
});

test('what was declined, refused or withdrawn is wiped too; what has no end is not, however old', async () => {
  const { batchId, ids } = await makeBatch(rig.deps, 3);
  edge.ecommpay.script.payout.push(refusedWith('2606'));
  await drive(rig.test, sendBatch(rig.deps, batchId, 'ana'), 10);
  const states = await Promise.all(
    ids.map(async (id) => [id, (await payoutRow(rig.deps, id)).state] as const),
  );
  const refused = states.find(([, state]) => state === 'failed')?.[0] ?? '';
  const [declined = '', open = ''] = ids.filter((id) => id !== refused);
  await deliver(rig.deps, signedMessage(declined, known('decline')));
  const { ids: withdrawn } = await makeBatch(rig.deps);
  const { ids: ready } = await makeBatch(rig.deps);
  const staff = { actor: 'ana', evidence: 'a mistake' };
  await decide({ ...rig.deps, sendLimitMs: 1, limitMs: 1 }, withdrawn[0] ?? '', 'not_paid', 0, staff);
  await rig.test.advance(31 * DAY);
  await wipeRecipients(rig.deps);
  const there = await Promise.all([refused, declined, withdrawn[0] ?? '', open, ready[0] ?? ''].map(isThere));
  expect(there).toEqual([false, false, false, true, true]);
});

test('the same row is known after the wipe, another one under its id is a problem, and it is never sent again', async () => {
  const id = await paid();
  await rig.test.advance(31 * DAY);
  await wipeRecipients(rig.deps);
  const same = csvOf([row({ payment_id: id })]);
  expect(await importText(rig.deps, same)).toMatchObject({ skipped: 1, fresh: 0, problems: 0 });
  const other = csvOf([row({ payment_id: id, account_number: '09999999999' })]);
  expect((await importText(rig.deps, other)).told).toEqual([expect.stringContaining('with other content')]);
  expect(await sendOne(rig.deps, id, 'ana')).toEqual({ kind: 'not_sent', why: 'not_ready' });
});

test('a success that comes after the wipe is booked all the same', async () => {
  const { batchId, ids } = await makeBatch(rig.deps);
  const id = ids[0] ?? '';
  edge.ecommpay.script.payout.push(refusedWith('2606'));
  await drive(rig.test, sendBatch(rig.deps, batchId, 'ana'), 10);
  await rig.test.advance(31 * DAY);
  await wipeRecipients(rig.deps);
  await deliver(rig.deps, signedMessage(id, known('success')));
  expect([await isThere(id), await booked(rig.deps, id)]).toEqual([false, [150_000]]);
});

test('the sweeper does it, with the rail off too', async () => {
  const id = await paid();
  await rig.test.advance(31 * DAY);
  const stop = new AbortController();
  const off = { ...rig.deps.payouts, rail: null };
  const swept = sweepPayouts({ ...rig.deps, stopping: stop.signal, payouts: off });
  await drive(
    rig.test,
    (async () => {
      while (await isThere(id)) await rig.test.clock.sleep(500);
      stop.abort();
    })(),
  );
  await swept;
  expect(await isThere(id)).toBe(false);
});
