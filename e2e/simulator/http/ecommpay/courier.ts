import type { CallbackAnswer, CallbackCall } from '../../ecommpay/callbacks/carry.ts';
import type { Ecommpay } from '../../ecommpay/ecommpay.ts';
import type { MovableClock } from '../clock.ts';

export type Courier = {
  /** Looks at once when something is due next. */
  arm(): void;
  /** Lets time pass: everything of ECommPay happens in its order, and each callback is answered before the next is due. */
  advance(ms: number): Promise<void>;
  close(): Promise<void>;
};

/** Longer, and Node's timers fire at once. */
const LONGEST_SLEEP_MS = 2 ** 31 - 1;

/** Brings callbacks to the merchant when they are due. */
export function createCourier(ecommpay: Ecommpay, clock: MovableClock): Courier {
  const closing = new AbortController();
  const underWay = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;

  const carry = (call: CallbackCall): void => {
    const carried = post(call, closing.signal).then((answer) => {
      underWay.delete(carried);
      if (!closing.signal.aborted) ecommpay.called(call.number, answer);
    });
    underWay.add(carried);
  };

  const deliverDue = (): void => {
    for (const call of ecommpay.due()) carry(call);
    arm();
  };

  function arm(): void {
    clearTimeout(timer);
    const at = closing.signal.aborted ? undefined : ecommpay.nextAt();
    if (at === undefined) return;
    timer = setTimeout(deliverDue, Math.min(Math.max(0, at - clock.now()), LONGEST_SLEEP_MS));
    timer.unref();
  }

  const settled = async (): Promise<void> => {
    while (underWay.size > 0) await Promise.all(underWay);
  };

  return {
    arm,
    async advance(ms) {
      const until = clock.now() + ms;
      for (;;) {
        await settled();
        const at = ecommpay.nextAt();
        if (at === undefined || at > until || closing.signal.aborted) break;
        clock.moveTo(at);
        deliverDue();
      }
      clock.moveTo(until);
      arm();
    },
    async close() {
      closing.abort();
      clearTimeout(timer);
      await settled();
    },
  };
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

async function post(call: CallbackCall, signal: AbortSignal): Promise<CallbackAnswer> {
  // The simulator speaks with this machine only.
  if (!LOOPBACK.has(URL.parse(call.url)?.hostname ?? '')) return { kind: 'unreachable' };
  try {
    const response = await fetch(call.url, {
      method: 'POST',
      headers: { ...call.headers, 'accept-encoding': 'identity' },
      body: call.body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(call.timeoutMs)]),
    });
    return {
      kind: 'answer',
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
  } catch (error) {
    return { kind: error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'unreachable' };
  }
}
