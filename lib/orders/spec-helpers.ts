import type { Reach } from '../base/fault-points.ts';
import type { Ids } from '../base/ids.ts';
import type { Log } from '../base/log.ts';
import type { Store } from '../db/store.ts';
import { announce, type OrderEvent, relayOutbox } from './outbox.ts';

/** What the specs of the outbox share. */

type Deps = { store: Store; ids: Ids; log: Log; reach: Reach };

export const PAYLOAD: OrderEvent['payload'] = {
  amountCentavos: 149_950,
  confirmedBy: 'PY0010',
  providerId: 'maya-1',
};

type Told = Pick<OrderEvent, 'kind' | 'orderId' | 'paymentId' | 'payload'>;

const telling =
  (kind: OrderEvent['kind']) =>
  (orderId = 'order-1', paymentId = 'payment-1'): Told => ({ kind, orderId, paymentId, payload: PAYLOAD });

export const paid = telling('order.paid');
export const reversed = telling('order.payment_reversed');

/** Writes events in one transaction, as a payment's facts do. */
export const tell = ({ store, ids }: Pick<Deps, 'store' | 'ids'>, ...events: Told[]) =>
  store.transaction(async (tx) => {
    for (const event of events) await announce(tx, ids, [event]);
  });

/** Relays once to a consumer that does `work`; what it was given. */
export async function relay(deps: Deps, work: (event: OrderEvent) => Promise<void> = async () => {}) {
  const given: OrderEvent[] = [];
  const delivered = await relayOutbox(deps, async (events) => {
    for (const event of events) {
      given.push(event);
      await work(event);
    }
  });
  return { given, delivered };
}

/** Relays once, to a consumer that takes everything; what it was given, in words. */
export async function deliveries(deps: Deps): Promise<string[]> {
  return inWords((await relay(deps)).given);
}

export const inWords = (events: OrderEvent[]) =>
  events.map(({ kind, orderId, paymentId }) => `${kind} ${orderId} ${paymentId}`);

export const failing = async () => {
  throw new Error('the consumer is down');
};
