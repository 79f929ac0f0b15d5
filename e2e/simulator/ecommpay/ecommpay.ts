import { act, replay } from './by-hand.ts';
import { type CallbackAnswer, type CallbackCall, takeAnswer, takeDue } from './callbacks/carry.ts';
import type { Delivery } from './callbacks/outbox.ts';
import type { Call } from './calls/call.ts';
import { calls, route } from './calls/routes.ts';
import type { EcommpayDebit, EcommpayPayout } from './ledger.ts';
import type { LogEntry, LogFilter } from './log.ts';
import { type PaymentView, viewOf } from './payments/payment.ts';
import { reverseLater } from './payments/reversal.ts';
import type { Reply } from './reply.ts';
import type { EcommpayRequest } from './request.ts';
import { type ActiveScenarios, readScenarioRequest } from './scenarios/book.ts';
import { changedSettings, type Settings } from './settings.ts';
import type { Violation, ViolationFilter } from './violations.ts';
import { createWorld, type EcommpayOptions } from './world.ts';

export type EcommpaySecret = {
  kind: 'ecommpay-secret' | 'ecommpay-data-token' | 'ecommpay-data-secret';
  value: string;
};

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
  /** `{id}`: sends this callback once more, as it was. Throws a `Mistake`. */
  replay(request: unknown): void;

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

/** An ECommPay without clock, chance, sockets or timers of its own. `changed` hears that `nextAt` may be another. */
export function createEcommpay(options: EcommpayOptions & { changed?: () => void }): Ecommpay {
  let world = createWorld(options);
  let lastNumber = 0;
  const changed = options.changed ?? (() => undefined);
  const nextNumber = () => {
    lastNumber = options.nextNumber?.() ?? lastNumber + 1;
    return lastNumber;
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
      return takeDue(world, nextNumber);
    },
    called(number, answer) {
      if (takeAnswer(world, number, answer)) changed();
    },

    act(request) {
      world.catchUp();
      const payment = act(world, request);
      changed();
      return viewOf(payment);
    },
    replay(request) {
      replay(world, request);
      changed();
    },

    setScenario(request) {
      world.catchUp();
      const read = readScenarioRequest(request);
      const payment = read.payment === undefined ? undefined : world.payments.find(read.payment);
      if (payment && !read.scenario.touches.includes('status')) {
        payment.scenario = read.scenario;
        reverseLater(world, payment);
        changed();
      } else {
        world.book.set(read);
      }
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
      changed();
    },
  };
}
