import { createEcommpay, type Ecommpay } from '#e2e/simulator/ecommpay/ecommpay.ts';
import type { Reply } from '#e2e/simulator/ecommpay/reply.ts';
import type { EcommpayRequest } from '#e2e/simulator/ecommpay/request.ts';
import type { Fetch, FetchInit } from '#lib/base/http.ts';
import type { Answer } from '../world/answer.ts';
import type { Chance } from '../world/chance.ts';
import { Line, notConnected, reset } from '../world/line.ts';
import type { Debit, Decline, Provider } from '../world/provider.ts';
import type { SimProcess } from '../world/sim-process.ts';
import type { World } from '../world/world.ts';
import { CREDENTIALS, ORIGIN, TIMES } from './agreement.ts';
import { bent, insteadOf } from './bend.ts';
import { Courier } from './courier.ts';
import { type EcommpayCall, FICKLE } from './kinds.ts';
import { Purses } from './purses.ts';
import { unexplained } from './unexplained.ts';
import { watchCall } from './watch-call.ts';

/** "Not found" may come for this long after a payment was taken, and never later. */
const UNKNOWN_AT_FIRST_MS = 20_000;

/** ECommPay in a simulated world: the simulator's own model, and between it and our processes a network with faults. */
export class EcommpayNetwork implements Provider {
  readonly name = 'ecommpay';
  readonly ecommpay: Ecommpay;
  readonly purses = new Purses();
  readonly courier: Courier;
  readonly #world: World;
  readonly #chance: Chance;
  readonly #under = new Map<string, number>();
  readonly #takenAt = new Map<string, number>();
  readonly #lefts = new Map<string, number>();
  readonly #debits: Debit[] = [];
  #payouts = 0;
  readonly #wrong: string[] = [];

  constructor(world: World, chance: Chance) {
    this.#world = world;
    this.#chance = chance;
    this.ecommpay = createEcommpay({
      now: () => world.startedAtMs + world.scheduler.now,
      random: chance.next,
      credentials: CREDENTIALS,
      callbackUrl: 'http://localhost:3000/api/ecommpay/callback',
      origin: () => ORIGIN,
      wallets: this.purses,
      settings: {
        payoutNeedsSale: false,
        saleMaxCentavos: 2_000_000,
        saleLimitMs: TIMES.saleLimitMs,
        payoutLimitMs: TIMES.payoutLimitMs,
        reversalAfterMs: TIMES.reversalAfterMs,
        daysMs: TIMES.daysMs,
        duplicateId: chance.maybe(0.5) ? 'at-once' : 'callback',
        statusNotFound: chance.maybe(0.5) ? '404' : '200',
        signaturePlace: chance.maybe(0.5) ? 'top' : 'general',
      },
      changed: () => this.courier.wake(),
    });
    this.courier = new Courier(world, this.ecommpay, chance, {
      after: () => this.#readBook(),
      wrong: (text) => void this.#wrong.push(text),
    });
  }

  fetchFor(process: SimProcess): Fetch {
    return (url, init) =>
      Line.open(process, init.signal, (line) => this.#call(process, new URL(url).pathname, init, line));
  }

  /** A customer's browser at one of ECommPay's pages, or the wallet's. @returns where it leads, or null */
  browse(path: string, fields: Record<string, string>): string | null {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = new URLSearchParams(fields).toString();
    const reply = this.#handle({ method: 'POST', path, headers, body });
    this.ecommpay.ended(reply.number, 'delivered');
    this.#world.note(
      () => `  a customer at ${path.split('?')[0]}: ${reply.kind === 'answer' ? reply.status : reply.kind}`,
    );
    return reply.kind === 'answer' && reply.status === 303 ? (reply.headers.location ?? null) : null;
  }

  debits(): readonly Debit[] {
    return this.#debits;
  }

  /** None of them is for good here. */
  declines(): readonly Decline[] {
    return [];
  }

  /** It tells the end of each by itself. */
  outlived(): ReadonlySet<string> {
    return new Set();
  }

  underWay(): ReadonlySet<string> {
    const open = this.ecommpay
      .payments()
      .filter(({ status }) => status !== 'success' && status !== 'decline');
    return new Set([...this.#under.keys(), ...open.map(({ id }) => id)]);
  }

  calm(): void {
    this.ecommpay.clearScenario();
  }

  isQuiet(): boolean {
    return this.courier.isIdle() && this.ecommpay.nextAt() === undefined;
  }

  secrets(): readonly string[] {
    return this.ecommpay.secrets().map(({ value }) => value);
  }

  complaints(): readonly string[] {
    return [...this.#wrong, ...unexplained(this.ecommpay.violations())];
  }

  /** Draws how the payment will go, if the plan says anything of it, before ECommPay takes it. */
  drawEnd(group: 'sale-end' | 'payout-end', payment: string): void {
    if (this.#takenAt.has(payment)) return;
    this.#takenAt.set(payment, this.#world.scheduler.now);
    const name = this.#world.faults.decide(group);
    if (name) this.ecommpay.setScenario({ payment, name, calls: 'always' });
  }

  #call(process: SimProcess, path: string, init: FetchInit, line: Line): void {
    const world = this.#world;
    const name = (path.split('/').at(-1) ?? '') as EcommpayCall;
    const headers = Object.fromEntries(
      Object.entries(init.headers).map(([header, value]) => [header.toLowerCase(), value]),
    );
    const request: EcommpayRequest = { method: init.method, path, headers, body: init.body ?? '' };
    const { payment_id: id } = (JSON.parse(request.body) as { general: { payment_id: string } }).general;
    const wrong = watchCall(world, this.#lefts, name, id);
    if (wrong) this.#wrong.push(wrong);
    const fault = world.faults.decide(name) ?? '';
    world.note(() => `${process.name} → ecommpay ${name} ${id.slice(-6)}${fault ? `  [${fault}]` : ''}`);

    const answerWith = (answer: Answer, ms: number) =>
      line.answer(answer, ms, () =>
        world.note(() => `${process.name} ← ecommpay ${name} ${answer.status} ${answer.body.slice(0, 60)}`),
      );
    if (fault === 'not-connected') return void line.breakOff(notConnected(), 3);
    if (fault === 'reset-before') return void line.breakOff(reset(), 20);
    if (fault === 'lost-before') return;
    this.#travels(id, 1);
    const late = fault === 'processed-late' ? TIMES.callMs + this.#chance.between(10, 25_000) : 0;
    world.scheduler.in(this.#chance.between(1, 40) + late, () => {
      this.#travels(id, -1);
      const { answer, number } = this.#arrive(name, request, id, fault);
      if (number !== undefined) line.whenOver((how) => this.ecommpay.ended(number, how));
      const pause = this.#chance.between(1, 60);
      if (fault === 'lost-after' || fault === 'processed-late') return 'quiet';
      if (fault === 'reset-after') return void line.breakOff(reset(), pause);
      if (fault === 'answered-late') answerWith(answer, TIMES.callMs + this.#chance.between(1, 20_000));
      else answerWith(answer, fault === 'slow' ? pause + this.#chance.between(800, 3_000) : pause);
      return 'quiet';
    });
  }

  #travels(id: string, step: 1 | -1): void {
    const count = (this.#under.get(id) ?? 0) + step;
    if (count === 0) this.#under.delete(id);
    else this.#under.set(id, count);
  }

  /** What ECommPay does with a call that reached it, and what it answers. */
  #arrive(
    name: EcommpayCall,
    request: EcommpayRequest,
    id: string,
    fault: string,
  ): { answer: Answer; number?: number } {
    const isNew = this.#world.scheduler.now - (this.#takenAt.get(id) ?? 0) < UNKNOWN_AT_FIRST_MS;
    const instead = insteadOf(fault, id);
    if (instead && (name !== 'status' || isNew || !fault.startsWith('not-found'))) return { answer: instead };
    if (name !== 'status') this.drawEnd(name === 'sale' ? 'sale-end' : 'payout-end', id);
    let reply = this.#handle(request);
    if (fault === 'twice' || fault === 'twice-second-answer') {
      this.ecommpay.ended(reply.number, 'lost');
      const again = this.#handle(request);
      if (fault === 'twice-second-answer') reply = again;
      else this.ecommpay.ended(again.number, 'lost');
    }
    const said = spoken(reply);
    const answer = bent(fault, said, id);
    // What proves nothing to whoever reads it was not delivered.
    if (answer !== said) this.ecommpay.ended(reply.number, 'lost');
    return { answer, number: reply.number };
  }

  #handle(request: EcommpayRequest): Reply {
    const reply = this.ecommpay.handle(request);
    this.#readBook();
    return reply;
  }

  #readBook(): void {
    const { debits, payouts } = this.ecommpay.ledger();
    const { judge, scheduler } = this.#world;
    for (const { customer: _, wallet, amountCentavos, paymentId } of debits.slice(this.#debits.length)) {
      const [payment] = this.ecommpay.payments({ payment: paymentId });
      const debit: Debit = {
        customer: wallet,
        amountCentavos,
        askedCentavos: payment?.sum.amount ?? amountCentavos,
        providerId: paymentId,
        at: scheduler.now,
        fickle: FICKLE.includes(payment?.scenario ?? ''),
      };
      this.#debits.push(debit);
      this.#world.note(() => `ECommPay debits ${wallet} ${amountCentavos} for ${paymentId.slice(-6)}`);
      judge.debited(debit);
    }
    for (const { paymentId, account, amountCentavos } of payouts.slice(this.#payouts)) {
      const [payout] = this.ecommpay.payments({ payment: paymentId });
      this.#payouts += 1;
      this.#world.note(() => `ECommPay pays ${amountCentavos} out for ${paymentId}`);
      judge.payouts.paidOut({
        paymentId,
        account,
        amountCentavos,
        fickle: FICKLE.includes(payout?.scenario ?? ''),
      });
    }
  }
}

function spoken(reply: Reply): Answer {
  if (reply.kind !== 'answer') throw new Error(`no scenario of a world makes the model ${reply.kind}`);
  return { status: reply.status, headers: reply.headers, body: reply.body };
}
