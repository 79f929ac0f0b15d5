import { DELIVERY_PERIOD_MS, MAX_ATTEMPTS, pauseBefore } from './schedule.ts';

/** A callback being delivered. */
export type Delivery = {
  id: number;
  paymentId: string;
  customer: string;
  url: string;
  body: string;
  /** Whether it carries what the merchant must not believe. */
  forged: boolean;
  /** Sent this often, whatever is answered. */
  times: number | undefined;
  firstAt: number;
  /** Of the next attempt; null when there will be none. */
  dueAt: number | null;
  attempts: number;
  sending: boolean;
  /** The HTTP status of each attempt, or what happened instead. */
  answers: (number | 'timeout' | 'unreachable')[];
};

export type Outbox = ReturnType<typeof createOutbox>;

/** Callbacks, those to come and those that were; the schedule is ECommPay's documented one. */
export function createOutbox() {
  const deliveries: Delivery[] = [];
  return {
    add(
      delivery: Pick<Delivery, 'paymentId' | 'customer' | 'url' | 'body' | 'forged' | 'times' | 'firstAt'>,
    ): void {
      deliveries.push({
        ...delivery,
        id: deliveries.length + 1,
        dueAt: delivery.firstAt,
        attempts: 0,
        sending: false,
        answers: [],
      });
    },

    nextAt(): number | undefined {
      const times = deliveries.flatMap(({ dueAt, sending }) => (dueAt === null || sending ? [] : [dueAt]));
      return times.length === 0 ? undefined : Math.min(...times);
    },

    /** What is to be sent now, in order of time; each counts as being sent until it is answered. */
    take(now: number): Delivery[] {
      const due = deliveries
        .filter(({ dueAt, sending }) => dueAt !== null && dueAt <= now && !sending)
        .sort((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0) || a.id - b.id);
      for (const delivery of due) {
        delivery.sending = true;
        delivery.attempts += 1;
      }
      return due;
    },

    answered(delivery: Delivery, answer: Delivery['answers'][number], now: number): void {
      delivery.sending = false;
      delivery.answers.push(answer);
      const wanted = delivery.times ?? MAX_ATTEMPTS;
      const isDone = delivery.times === undefined && answer === 200;
      const next = now + pauseBefore(delivery.attempts + 1);
      const isOver = delivery.attempts >= wanted || next - delivery.firstAt > DELIVERY_PERIOD_MS;
      delivery.dueAt = isDone || isOver ? null : next;
    },

    list: (paymentId?: string): Delivery[] =>
      deliveries
        .filter((delivery) => !paymentId || delivery.paymentId === paymentId)
        .map((one) => structuredClone(one)),
  };
}
