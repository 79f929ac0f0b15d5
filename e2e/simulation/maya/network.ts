import { createMaya, type Maya } from '#e2e/simulator/maya/maya.ts';
import type { PaymentView } from '#e2e/simulator/maya/payments.ts';
import type { Reply } from '#e2e/simulator/maya/reply.ts';
import type { MayaRequest } from '#e2e/simulator/maya/request.ts';
import type { Settings as MayaSettings } from '#e2e/simulator/maya/settings.ts';
import type { Fetch, FetchInit } from '#lib/base/http.ts';
import { type Answer, changed, codeAnswer, jsonAnswer } from '../world/answer.ts';
import { type Chance, hexDigits } from '../world/chance.ts';
import { Line, notConnected, reset } from '../world/line.ts';
import type { Debit, Decline, Provider } from '../world/provider.ts';
import type { SimProcess } from '../world/sim-process.ts';
import type { World } from '../world/world.ts';
import { bent, insteadOf, misreported } from './bend.ts';
import type { MayaCall } from './kinds.ts';
import { sealClaims } from './profile.ts';
import { TokenRanks } from './token-ranks.ts';
import { unexplained } from './unexplained.ts';
import { watchCall } from './watch-call.ts';
import { nameOf, short, shortPath } from './wire.ts';

export const MAYA_CREDENTIALS = {
  clientId: 'sim-client',
  clientSecret: 'sim-client-secret-that-nobody-writes',
  p2mId: 'SIM-P2M',
};

/** Maya in a simulated world: the simulator's own model, and between it and our processes a network with faults. */
export class MayaNetwork implements Provider {
  readonly name = 'maya';
  readonly maya: Maya;
  readonly ranks = new TokenRanks();
  readonly #world: World;
  readonly #chance: Chance;
  readonly #limits: { call: number; execute: number };
  readonly #under = new Map<string, number>();
  readonly #debits: Debit[] = [];
  readonly #wrong: string[] = [];

  constructor(
    world: World,
    chance: Chance,
    options: { settings: Partial<MayaSettings>; profile: boolean; limits: { call: number; execute: number } },
  ) {
    this.#world = world;
    this.#chance = chance;
    this.#limits = options.limits;
    this.maya = createMaya({
      now: () => world.startedAtMs + world.scheduler.now,
      random: chance.next,
      credentials: MAYA_CREDENTIALS,
      settings: options.settings,
      profile: options.profile,
    });
  }

  fetchFor(process: SimProcess): Fetch {
    return (url, init) => Line.open(process, init.signal, (line) => this.#call(process, url, init, line));
  }

  debits(): readonly Debit[] {
    return this.#debits;
  }

  declines(): readonly Decline[] {
    return this.maya
      .payments()
      .filter(({ status }) => status === 'DECLINED')
      .map(({ id, customerId, amountCentavos }) => ({
        customer: customerId,
        amountCentavos,
        providerId: id,
      }));
  }

  outlived(): ReadonlySet<string> {
    const isOver = ({ createdAt, expirySeconds, executes }: PaymentView) =>
      executes.some(({ at }) => at - createdAt > expirySeconds * 1_000);
    return new Set(
      this.maya
        .payments()
        .filter(isOver)
        .map(({ id }) => id),
    );
  }

  underWay(): ReadonlySet<string> {
    return new Set(this.#under.keys());
  }

  isQuiet(): boolean {
    return true;
  }

  calm(): void {
    this.maya.clearScenario();
  }

  secrets(): readonly string[] {
    return this.maya.secrets().map(({ value }) => value);
  }

  complaints(): readonly string[] {
    return [...this.#wrong, ...unexplained(this.maya.violations(), this.#world)];
  }

  #call(process: SimProcess, url: string, init: FetchInit, line: Line): void {
    const world = this.#world;
    const path = new URL(url).pathname;
    const name = nameOf(path);
    const headers = Object.fromEntries(
      Object.entries(init.headers).map(([header, value]) => [header.toLowerCase(), value]),
    );
    const request: MayaRequest = { method: init.method, path, headers, body: init.body ?? '' };
    const wrong = watchCall(world, this.ranks, name, request);
    if (wrong) this.#wrong.push(wrong);
    const fault = world.faults.decide(name) ?? '';
    world.note(() => `${process.name} → ${name} ${shortPath(path)}${fault ? `  [${fault}]` : ''}`);

    const id = name === 'execute' ? (path.split('/')[3] ?? '') : '';
    const limit = name === 'execute' ? this.#limits.execute : this.#limits.call;
    const answerWith = (answer: Answer, ms: number) =>
      line.answer(answer, ms, () => {
        world.note(() => `${process.name} ← ${name} ${answer.status} ${short(answer.body)}`);
        if (name === 'execute')
          world.heard.push({ process, reference: headers['request-reference-no'] ?? '' });
      });
    if (fault === 'not-connected') return void line.breakOff(notConnected(), 3);
    if (fault === 'reset-before') return void line.breakOff(reset(), 20);
    if (fault === 'lost-before') return;
    this.#travels(id, 1);
    const late = fault === 'processed-late' ? limit + this.#chance.between(10, 25_000) : 0;
    world.scheduler.in(this.#chance.between(1, 40) + late, () => {
      this.#travels(id, -1);
      const reply = this.#arrive(name, request, fault);
      const { number } = reply;
      if (number !== undefined) line.whenOver((how) => this.maya.ended(number, how));
      const { answer, afterMs } = reply;
      const pause = afterMs + this.#chance.between(1, 60);
      if (fault === 'lost-after' || fault === 'processed-late' || answer === 'hang') return 'quiet';
      if (fault === 'reset-after' || answer === 'reset') return void line.breakOff(reset(), pause);
      if (fault === 'answered-late') return void answerWith(answer, limit + this.#chance.between(1, 20_000));
      answerWith(answer, fault === 'slow' ? pause + this.#chance.between(800, 4_000) : pause);
      return 'quiet';
    });
  }

  #travels(id: string, step: 1 | -1): void {
    if (id === '') return;
    const count = (this.#under.get(id) ?? 0) + step;
    if (count === 0) this.#under.delete(id);
    else this.#under.set(id, count);
  }

  /** What Maya does with a call that reached it, and what it answers. */
  #arrive(
    name: MayaCall,
    request: MayaRequest,
    fault: string,
  ): { answer: Answer | 'hang' | 'reset'; afterMs: number; number?: number } {
    const family = this.#familyOf(request);
    const now = (answer: Answer) => ({ answer, afterMs: 0 });
    if (fault === 'family-over' && family) family.over = true;
    if (family && (fault === 'refused' || fault === 'family-over' || fault === '401-before'))
      family.troubled = true;
    if (family?.over)
      return now(name === 'tokens' ? codeAnswer(400, 'invalid_token') : codeAnswer(401, 'invalid_token'));
    if (fault === 'refused' && name === 'tokens') return now(codeAnswer(400, 'invalid_token'));
    if (fault === 'refused' && name === 'client_token')
      return now(jsonAnswer(401, { error: 'invalid_client' }));
    const instead = insteadOf(fault, this.#chance);
    if (instead) return now(instead);

    const customer = family?.customer;
    const scenario = customer ? twistFor(name, fault, this.#chance) : undefined;
    if (scenario) this.maya.setScenario({ customer, name: scenario, calls: 1 });
    let reply = this.#handle(request, name);
    if (fault === 'twice' || fault === 'twice-second-answer') {
      this.maya.ended(reply.number, 'lost');
      const again = this.#handle(this.#copyOf(request), name);
      if (fault === 'twice-second-answer') reply = again;
      else this.maya.ended(again.number, 'lost');
    }
    if (scenario) this.maya.clearScenario(customer);
    const said = spoken(reply);
    if (typeof said === 'string') return { answer: said, afterMs: reply.afterMs, number: reply.number };
    let answer = bent(fault, said, this.#chance);
    if (name === 'execute') answer = misreported(fault, answer);
    // What nobody could read was not delivered.
    if (answer !== said && ['truncated', 'html-after', '500-after', 'empty-after'].includes(fault))
      this.maya.ended(reply.number, 'lost');
    if (fault === 'short-life' && name === 'client_token') answer = changed(answer, { expires_in: 70 });
    if (fault === 'id-of-another') {
      const saved = this.#world.database.get<{ id: string }>(
        'select provider_id as id from payments where provider_id is not null order by id limit 1',
      );
      if (saved) {
        this.#world.reach('an id of Maya came twice');
        answer = changed(answer, { id: saved.id });
      }
    }
    return { answer, afterMs: reply.afterMs, number: reply.number };
  }

  /** A copy that the network made; Maya sees a request of its own. */
  #copyOf(request: MayaRequest): MayaRequest {
    if (!request.headers['request-reference-no']) return request;
    const digits = (count: number) => hexDigits(this.#chance, count);
    const reference = `${digits(8)}-${digits(4)}-4${digits(3)}-8${digits(3)}-${digits(12)}`;
    return { ...request, headers: { ...request.headers, 'request-reference-no': reference } };
  }

  #handle(request: MayaRequest, name: MayaCall): Reply {
    const reply = this.maya.handle(request);
    if (reply.kind !== 'answer' || reply.status !== 200) {
      if (name === 'tokens') {
        const family = this.#familyOf(request);
        if (family) family.troubled = true;
      }
      return reply;
    }
    if (name === 'tokens') {
      const made = JSON.parse(reply.body) as { accessToken: string; refreshToken: string };
      const { refreshToken } = JSON.parse(request.body) as { refreshToken: string };
      this.ranks.refreshed(refreshToken, made.accessToken, made.refreshToken);
    }
    if (name === 'execute') this.#readBook();
    return reply;
  }

  #readBook(): void {
    const { debits } = this.maya.ledger();
    for (const { customer, amountCentavos, paymentId } of debits.slice(this.#debits.length)) {
      const debit = { customer, amountCentavos, providerId: paymentId, at: this.#world.scheduler.now };
      this.#debits.push(debit);
      this.#world.note(() => `Maya debits ${customer} ${amountCentavos} for ${paymentId.slice(0, 8)}`);
      this.#world.judge.debited(debit);
    }
  }

  #familyOf(request: MayaRequest) {
    const access = request.headers['x-authorization'];
    if (access !== undefined) return this.ranks.ofAccess(access)?.family;
    if (request.path !== '/tokens') return undefined;
    const { refreshToken } = JSON.parse(request.body) as { refreshToken: string };
    return this.ranks.ofRefresh(refreshToken)?.family;
  }
}

function spoken(reply: Reply): Answer | 'hang' | 'reset' {
  switch (reply.kind) {
    case 'answer':
      return { status: reply.status, headers: reply.headers, body: reply.body };
    case 'truncated':
      return { status: reply.status, headers: reply.headers, body: reply.body, cut: true };
    case 'profile':
      return jsonAnswer(200, { data: sealClaims(reply.claims) });
    default:
      return reply.kind;
  }
}

/** Faults that change what Maya does are scenarios of the model, so that its book follows. */
function twistFor(name: MayaCall, fault: string, chance: Chance): string | undefined {
  if (name === 'create') {
    if (fault === 'wrong-amount') return 'create-wrong-amount';
    if (fault === 'wrong-p2m') return 'create-wrong-p2m';
    if (fault === 'short-life') return 'payment-expiry-30s';
  }
  if (name === 'execute') {
    if (fault === 'declined') return chance.pick(['declined-balance', 'declined-limit', 'declined-risk']);
    if (fault === 'declined-by-code') return chance.pick(['declined-balance-code', 'declined-limit-code']);
  }
  return undefined;
}
