import { sendBatch, sendOne } from '#lib/payouts/send-batch.ts';
import { type Act, FAILED, request } from '../stage.ts';

const BATCHES = 'select id from payout_batches order by created_at, id';
const SENDABLE = `select id from payouts where state in ('ready', 'held', 'review', 'unknown') order by id`;

/** Staff sends a batch: a new one, or once more one that stopped or was broken off. */
export async function send(act: Act): Promise<void> {
  const { world, chance } = act;
  const batches = world.database.all<{ id: string }>(BATCHES);
  if (batches.length === 0) return;
  const batch = chance.maybe(0.6) ? batches.at(-1) : chance.pick(batches);
  const sent = await request(act, 'send', (runtime) => sendBatch(runtime, batch?.id ?? '', 'ana'));
  if (sent === FAILED || sent === null) return;
  world.reach(`a batch was sent${sent.stopped === null ? '' : `, stopped by ${sent.stopped}`}`);
}

/** One payout by its own id: ready, refused as a duplicate, never known to ECommPay, or of an unknown end. */
export async function sendAlone(act: Act): Promise<void> {
  const { world, chance } = act;
  const ready = world.database.all<{ id: string }>(SENDABLE);
  if (ready.length === 0) return;
  const id = chance.pick(ready)?.id ?? '';
  const sent = await request(act, 'send one', (runtime) => sendOne(runtime, id, 'ana'));
  if (sent !== FAILED && sent !== null)
    world.reach(sent.kind === 'sent' ? 'one payout was sent' : `one payout was not sent: ${sent.why}`);
}
