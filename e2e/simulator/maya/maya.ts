import { type Call, referenceOf } from './calls/call.ts';
import { calls, route } from './calls/routes.ts';
import { basicCredentials } from './checks/token-request.ts';
import type { Family } from './customer-tokens.ts';
import type { Customer } from './customers.ts';
import type { Debit } from './ledger.ts';
import type { LogEntry } from './log.ts';
import type { PaymentView } from './payments.ts';
import type { Reply } from './reply.ts';
import type { MayaRequest } from './request.ts';
import { type ActiveScenario, readScenarioRequest } from './scenarios/book.ts';
import {
  type LaunchResult,
  launchObstacle,
  readSessionUrlAnswer,
  type SessionUrlAnswer,
  type SessionUrlCall,
  sessionUrlCall,
} from './session-url.ts';
import { changedSettings, type Settings } from './settings.ts';
import type { Violation } from './violations.ts';
import { createWorld, type MayaOptions } from './world.ts';

export type SecretKind =
  | 'client-secret'
  | 'basic-credentials'
  | 'other'
  | 'client-token'
  | 'access-token'
  | 'refresh-token'
  | 'session-id';

export type Secret = { kind: SecretKind; value: string };

export type ActiveScenarios = { everyone: ActiveScenario | null; active: Record<string, ActiveScenario> };

/** Maya as merchant, customer and test see it. Methods that name a customer throw a `Mistake` if there is none of that id. */
export type Maya = {
  /** One API call. What it does is done when this returns; its answer may still be late, or lost. */
  handle(request: MayaRequest): Reply;
  /**
   * Whatever carries the calls says how each one ended: its answer left whole, or it did not (hang, reset, caller gone). Until
   * then the call counts as open, and tokens in its answer as not delivered.
   */
  ended(number: number, how: 'delivered' | 'lost'): void;

  /** The customer taps the tile: the call to make, or why Maya makes none. */
  launch(customerId: string): { call: SessionUrlCall } | { call?: undefined; result: LaunchResult };
  /** The answer to that call. */
  launched(number: number, answer: SessionUrlAnswer): LaunchResult;

  /** `{customer, name, calls}`: replaces the customer's scenario; "approved" is back to normal. */
  setScenario(request: unknown): ActiveScenarios;
  clearScenario(customerId?: string): ActiveScenarios;
  activeScenarios(): ActiveScenarios;

  settings(): Settings;
  changeSettings(patch: unknown): Settings;

  customers(): Customer[];
  saveCustomer(edit: unknown): Customer;
  /** For another way to pay from the same wallet: takes the money, or says false if it is not there. None of this ledger's debits. */
  takeFromWallet(customerId: string, amountCentavos: number): boolean;

  ledger(customerId?: string): { debits: Debit[]; balances: Record<string, number> };
  payments(customerId?: string): PaymentView[];
  log(filter?: { customer?: string | undefined; after?: number | undefined }): LogEntry[];
  violations(customerId?: string): Violation[];
  /** All of them since the process began, resets included: what no log, page or bundle may contain. */
  secrets(): Secret[];
  /** Everything to the start, except the numbering of calls and the list of secrets. */
  reset(): void;
};

/** A Maya without clock, chance, sockets or timers of its own. */
export function createMaya(options: MayaOptions): Maya {
  let world = createWorld(options);
  let lastNumber = 0;
  const nextNumber = () => {
    lastNumber = options.nextNumber?.() ?? lastNumber + 1;
    return lastNumber;
  };
  let launches = new Map<number, { number: number; at: number; customer: Customer; family: Family }>();
  const secrets: Secret[] = [
    { kind: 'client-secret', value: options.credentials.clientSecret },
    { kind: 'basic-credentials', value: basicCredentials(options.credentials) },
    ...(options.secrets ?? []).map((value): Secret => ({ kind: 'other', value })),
  ];
  const issued = (kind: SecretKind, value: string) => void secrets.push({ kind, value });

  /** Checked, so that a misspelt id is no empty list. */
  const customerNamed = (id: string | undefined) => (id === undefined ? undefined : world.customers.get(id));

  return {
    handle(request) {
      const call: Call = { number: nextNumber(), request, ...route(request), delayMs: 0, issued };
      const at = world.now();
      const outcome = calls[call.name](world, call);
      world.log.open({
        number: call.number,
        at,
        direction: 'to-maya',
        call: call.name,
        method: request.method,
        path: request.path,
        customer: call.customer?.id ?? null,
        requestReferenceNumber: referenceOf(request) || null,
        scenario: call.scenario ?? null,
        headers: request.headers,
        body: request.body,
      });
      world.log.answer(call.number, outcome);
      world.open.add({
        number: call.number,
        call: call.name,
        subject: call.subject,
        onDelivered: call.onDelivered,
      });
      const { latencyMs, hangMs } = world.settings;
      const afterMs = outcome.kind === 'hang' ? hangMs : latencyMs + call.delayMs;
      return { ...outcome, number: call.number, afterMs };
    },

    ended(number, how) {
      const open = world.open.take(number);
      if (!open) return;
      if (how === 'delivered') open.onDelivered?.();
      world.log.end(number, world.now(), how === 'delivered');
    },

    launch(customerId) {
      const customer = world.customers.get(customerId);
      const obstacle = launchObstacle(customer);
      if (obstacle) return { result: obstacle };
      const { call, tokens } = sessionUrlCall(world, customer, nextNumber());
      issued('access-token', tokens.accessToken);
      issued('refresh-token', tokens.refreshToken);
      launches.set(call.number, { number: call.number, at: world.now(), customer, family: tokens.family });
      return { call };
    },

    launched(number, answer) {
      const started = launches.get(number);
      if (!started) {
        return {
          ok: false,
          status: null,
          reason: 'unreachable',
          detail: 'The simulator was reset during the call.',
          tookMs: 0,
        };
      }
      launches.delete(number);
      const result = readSessionUrlAnswer(world, started, answer);
      if (result.ok) issued('session-id', result.sessionId);
      return result;
    },

    setScenario(request) {
      const read = readScenarioRequest(request);
      customerNamed(read.customer);
      world.book.set(read);
      if (read.scenario.endsClientTokens) world.clientTokens.killAll();
      return world.book.view();
    },
    clearScenario(customerId) {
      world.book.clear(customerNamed(customerId)?.id);
      return world.book.view();
    },
    activeScenarios: () => world.book.view(),

    settings: () => ({ ...world.settings }),
    changeSettings(patch) {
      world.settings = changedSettings(world.settings, patch);
      return { ...world.settings };
    },

    customers: () => world.customers.list().map((customer) => ({ ...customer })),
    saveCustomer: (edit) => ({ ...world.customers.save(edit) }),
    takeFromWallet(customerId, amountCentavos) {
      const customer = world.customers.list().find(({ id }) => id === customerId);
      if (!customer || customer.balanceCentavos < amountCentavos) return false;
      customer.balanceCentavos -= amountCentavos;
      return true;
    },

    ledger: (customerId) => ({
      debits: world.ledger.debits(customerNamed(customerId)),
      balances: Object.fromEntries(
        world.customers
          .list()
          .filter(({ id }) => customerId === undefined || id === customerId)
          .map(({ id, balanceCentavos }) => [id, balanceCentavos]),
      ),
    }),
    payments: (customerId) => world.payments.view(customerNamed(customerId), world.now()),
    log: ({ customer, after } = {}) => world.log.list(customerNamed(customer)?.id, after ?? 0),
    violations: (customerId) => world.violations.list(customerNamed(customerId)?.id),
    secrets: () => secrets.map((secret) => ({ ...secret })),
    reset() {
      world = createWorld(options);
      launches = new Map();
    },
  };
}
