import { z } from 'zod';
import { Mistake } from '../maya/mistake.ts';
import type { Delivery } from './callbacks/outbox.ts';
import type { Call } from './calls/call.ts';
import { calls, route } from './calls/routes.ts';
import type { EcommpayDebit, EcommpayPayout } from './ledger.ts';
import type { LogEntry, LogFilter } from './log.ts';
import type { PaymentView } from './payments/payment.ts';
import { decide, isUndecided } from './payments/sale.ts';
import type { Reply } from './reply.ts';
import type { EcommpayRequest } from './request.ts';
import { type ActiveScenarios, readScenarioRequest } from './scenarios/book.ts';
import { changedSettings, type Settings } from './settings.ts';
import type { Violation, ViolationFilter } from './violations.ts';
import { walletOf } from './wallets.ts';
import { createWorld, type EcommpayOptions } from './world.ts';

export type EcommpaySecret = {
  kind: 'ecommpay-secret' | 'ecommpay-data-token' | 'ecommpay-data-secret';
  value: string;
};

/** A callback to be sent now. */
export type CallbackCall = {
  /** To be given back with the answer. */
  number: number;
  url: string;
  headers: Record<string, string>;
  body: string;
  timeoutMs: number;
};

export type CallbackAnswer =
  | { kind: 'answer'; status: number; headers: Record<string, string>; body: string }
  | { kind: 'timeout' }
  | { kind: 'unreachable' };

/** ECommPay as merchant, customer and test see it. Ids are the merchant's. */
export type Ecommpay = {
  /** One API call, or one page. What it does is done when this returns; its answer may still be late, or lost. */
  handle(request: EcommpayRequest): Reply;
  /** Whatever carries the calls says how each one ended: its answer left whole, or it did not. */
  ended(number: number, how: 'delivered' | 'lost'): void;

  /** When something happens by itself next, or a callback is due. */
  nextAt(): number | undefined;
  /** Lets everything happen that is due, and gives the callbacks to be sent now, each once. */
  due(): CallbackCall[];
  /** The answer to one of them. */
  called(number: number, answer: CallbackAnswer): void;

  /** `{payment, does: "approve" | "cancel", wallet}`: what the customer does on the wallet's page. Throws a `Mistake`. */
  act(request: unknown): PaymentView;

  /** `{name, payment | customer, calls}`: a payment that is there already changes its ways from now on. */
  setScenario(request: unknown): ActiveScenarios;
  clearScenario(whose?: { payment?: string | undefined; customer?: string | undefined }): ActiveScenarios;
  activeScenarios(): ActiveScenarios;

  settings(): Settings;
  changeSettings(patch: unknown): Settings;

  /** The truth: who was debited for which payment, and who was paid out. */
  ledger(customer?: string): { debits: EcommpayDebit[]; payouts: EcommpayPayout[] };
  payments(filter?: ViolationFilter): PaymentView[];
  callbacks(payment?: string): Delivery[];
  log(filter?: LogFilter): LogEntry[];
  violations(filter?: ViolationFilter): Violation[];
  /** What no log, page or bundle may contain. */
  secrets(): EcommpaySecret[];
  /** Everything to the start, except the numbering of calls. */
  reset(): void;
};

const acting = z.strictObject({
  payment: z.string(),
  does: z.enum(['approve', 'cancel']),
  wallet: z.string().optional(),
});

/** An ECommPay without clock, chance, sockets or timers of its own. `changed` hears that `nextAt` may be another. */
export function createEcommpay(options: EcommpayOptions & { changed?: () => void }): Ecommpay {
  let world = createWorld(options);
  let lastNumber = 0;
  let sending = new Map<number, Delivery>();
  const changed = options.changed ?? (() => undefined);
  const nextNumber = () => {
    lastNumber = options.nextNumber?.() ?? lastNumber + 1;
    return lastNumber;
  };

  const prepare = (delivery: Delivery): CallbackCall => {
    const call = {
      number: nextNumber(),
      url: delivery.url,
      headers: { 'content-type': 'application/json' },
      body: delivery.body,
      timeoutMs: world.settings.callbackTimeoutMs,
    };
    sending.set(call.number, delivery);
    world.log.open({
      number: call.number,
      at: options.now(),
      direction: 'to-app',
      call: 'callback',
      method: 'POST',
      path: URL.parse(call.url)?.pathname ?? call.url,
      customer: delivery.customer,
      payment: delivery.paymentId,
      scenario: world.payments.find(delivery.paymentId)?.scenario?.name ?? null,
      headers: call.headers,
      body: call.body,
    });
    return call;
  };

  const judge = (number: number, delivery: Delivery, status: number): void => {
    const report = (kind: 'callback-answer' | 'callback-forged-accepted', detail: string) =>
      world.violations.add({
        at: options.now(),
        kind,
        call: 'callback',
        detail,
        customer: delivery.customer,
        payment: delivery.paymentId,
        number,
      });
    if (delivery.forged && status >= 200 && status <= 299) {
      report('callback-forged-accepted', `A callback without a true signature was answered ${status}`);
    } else if (status > 200 && status <= 399) {
      report('callback-answer', `A callback was answered ${status}; only 200 takes it`);
    }
  };

  return {
    handle(request) {
      world.catchUp();
      const call: Call = { number: nextNumber(), name: route(request), request, delayMs: 0 };
      const at = world.now();
      const outcome = calls[call.name](world, call);
      world.log.open({
        number: call.number,
        at,
        direction: 'to-ecommpay',
        call: call.name,
        method: request.method,
        path: request.path,
        customer: call.customer || null,
        payment: call.payment || null,
        scenario: call.scenario ?? null,
        headers: request.headers,
        body: request.body,
      });
      world.log.answer(call.number, outcome);
      world.open.set(call.number, call.onDelivered ?? (() => undefined));
      changed();
      const { latencyMs, hangMs } = world.settings;
      const afterMs = outcome.kind === 'hang' ? hangMs : latencyMs + call.delayMs;
      return { ...outcome, number: call.number, afterMs };
    },

    ended(number, how) {
      const onDelivered = world.open.get(number);
      if (!onDelivered) return;
      world.open.delete(number);
      if (how === 'delivered') onDelivered();
      world.log.end(number, options.now(), how === 'delivered');
    },

    nextAt() {
      const times = [world.timeline.nextAt(), world.outbox.nextAt()].filter((at) => at !== undefined);
      return times.length === 0 ? undefined : Math.min(...times);
    },
    due() {
      world.catchUp();
      return world.outbox.take(options.now()).map(prepare);
    },
    called(number, answer) {
      const delivery = sending.get(number);
      if (!delivery) return;
      sending.delete(number);
      world.log.answer(number, answer);
      world.log.end(number, options.now(), answer.kind === 'answer');
      if (answer.kind === 'answer') judge(number, delivery, answer.status);
      world.outbox.answered(delivery, answer.kind === 'answer' ? answer.status : answer.kind, options.now());
      changed();
    },

    act(request) {
      world.catchUp();
      const { payment: id, does, wallet } = readAct(request);
      const payment = world.payments.find(id);
      if (!payment) {
        throw new Mistake(
          404,
          'unknown_payment',
          `There is no payment "${id}".`,
          'See GET /_sim/payments?rail=ecommpay.',
        );
      }
      if (!isUndecided(payment)) {
        throw new Mistake(
          409,
          'nothing_to_decide',
          `The wallet asks nothing about this payment; it is "${payment.status}".`,
          'Wait until it is "awaiting redirect result".',
        );
      }
      const [first] = world.wallets.list();
      decide(world, payment, does, walletOf(world.wallets, wallet ?? first?.id ?? '').id);
      changed();
      return world.payments.view({ payment: id })[0] as PaymentView;
    },

    setScenario(request) {
      const read = readScenarioRequest(request);
      const payment = read.payment === undefined ? undefined : world.payments.find(read.payment);
      if (payment && !read.scenario.touches.includes('status')) payment.scenario = read.scenario;
      else world.book.set(read);
      return world.book.view();
    },
    clearScenario(whose) {
      world.book.clear(whose);
      return world.book.view();
    },
    activeScenarios: () => world.book.view(),

    settings: () => ({ ...world.settings }),
    changeSettings(patch) {
      world.settings = changedSettings(world.settings, patch);
      return { ...world.settings };
    },

    ledger: (customer) => ({
      debits: world.ledger.debits().filter((debit) => !customer || debit.customer === customer),
      payouts: world.ledger.payouts().filter((payout) => !customer || payout.customer === customer),
    }),
    payments(filter = {}) {
      world.catchUp();
      return world.payments.view(filter);
    },
    callbacks: (payment) => world.outbox.list(payment),
    log: (filter = {}) => world.log.list(filter),
    violations: (filter = {}) => world.violations.list(filter),
    secrets: () => [
      { kind: 'ecommpay-secret', value: options.credentials.secret },
      { kind: 'ecommpay-data-token', value: options.credentials.dataToken },
      { kind: 'ecommpay-data-secret', value: options.credentials.dataSecret },
    ],
    reset() {
      world = createWorld(options);
      sending = new Map();
      changed();
    },
  };
}

function readAct(request: unknown): z.output<typeof acting> {
  const parsed = acting.safeParse(request);
  if (parsed.success) return parsed.data;
  throw new Mistake(
    400,
    'invalid_act',
    z.prettifyError(parsed.error),
    'Send {"payment": "the merchant\'s id", "does": "approve" | "cancel", "wallet": "maria"}.',
  );
}
