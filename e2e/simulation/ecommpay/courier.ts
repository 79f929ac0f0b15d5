import type { CallbackAnswer, CallbackCall } from '#e2e/simulator/ecommpay/callbacks/carry.ts';
import type { Ecommpay } from '#e2e/simulator/ecommpay/ecommpay.ts';
import { objectAt, readJson, textAt } from '#e2e/simulator/ecommpay/signature/json-tree.ts';
import { answerCallback } from '#lib/runtime/ecommpay-callback.ts';
import type { Chance } from '../world/chance.ts';
import { runtimeOf } from '../world/start-process.ts';
import type { World } from '../world/world.ts';
import { before, type Message, misreported } from './bend-callback.ts';
import { FICKLE } from './kinds.ts';

const MINUTE_MS = 60_000;

/** A message on its way, and the payment whose success it truly tells. */
type Carried = Message & { tells?: string };

type Heard = {
  /** Something happened at ECommPay by itself. */
  after: () => void;
  wrong: (text: string) => void;
};

/** Carries ECommPay's callbacks to whichever process serves, with the faults of the plan, and lets its own time pass. */
export class Courier {
  readonly #world: World;
  readonly #ecommpay: Ecommpay;
  readonly #chance: Chance;
  readonly #heard: Heard;
  #wakesAt = Number.POSITIVE_INFINITY;
  #carrying = 0;
  /** The last callback of each payment. */
  readonly #last = new Map<string, string>();

  constructor(world: World, ecommpay: Ecommpay, chance: Chance, heard: Heard) {
    this.#world = world;
    this.#ecommpay = ecommpay;
    this.#chance = chance;
    this.#heard = heard;
  }

  isIdle = (): boolean => this.#carrying === 0;

  /** What happens next may be another. */
  wake(): void {
    const { scheduler, startedAtMs } = this.#world;
    const next = this.#ecommpay.nextAt();
    if (next === undefined) return;
    const at = Math.max(scheduler.now, next - startedAtMs);
    if (at >= this.#wakesAt) return;
    this.#wakesAt = at;
    scheduler.in(at - scheduler.now, () => {
      if (this.#wakesAt !== at) return 'quiet';
      this.#wakesAt = Number.POSITIVE_INFINITY;
      const calls = this.#ecommpay.due();
      this.#heard.after();
      for (const call of calls) this.#carry(call);
      this.wake();
      return 'quiet';
    });
  }

  #carry(call: CallbackCall): void {
    const world = this.#world;
    const payment = paymentIn(call.body);
    const scenario = this.#ecommpay.payments({ payment })[0]?.scenario ?? '';
    const fault = world.faults.decide('callback') ?? '';
    const answered = (answer: CallbackAnswer) => {
      this.#carrying -= 1;
      this.#ecommpay.called(call.number, answer);
      this.wake();
    };
    const ok: CallbackAnswer = { kind: 'answer', status: 200, headers: {}, body: '' };
    this.#carrying += 1;
    world.note(() => `  callback of ${payment.slice(-6)}${fault ? `  [${fault}]` : ''}`);

    // Who takes back what was said says so at least: else nobody could ever know.
    if (fault === 'never' && !FICKLE.includes(scenario)) return void answered(ok);
    if (fault === 'lost') return void answered({ kind: 'unreachable' });
    const early = before(fault, call.body);
    if (early) this.#deliver(early);
    const older = this.#last.get(payment);
    const body = FICKLE.includes(scenario) ? call.body : misreported(fault, call.body);
    const isSuccess = body === call.body && statusIn(body) === 'success';
    const message: Carried = { body, authentic: true, ...(isSuccess ? { tells: payment } : {}) };
    this.#last.set(payment, body);
    const waits = fault === 'late' ? this.#chance.pick([5, 20, 80]) * MINUTE_MS : early ? 200 : 0;
    this.#deliver(message, waits, (answer) => {
      answered(fault === 'answer-lost' ? { kind: 'timeout' } : answer);
    });
    if (fault === 'twice') this.#deliver(message);
    if (fault === 'many-times')
      for (const minutes of [0, 1, 7, 11, 35]) this.#deliver(message, minutes * MINUTE_MS);
    if (fault === 'older-again' && older !== undefined)
      this.#deliver({ body: older, authentic: true }, 3_000);
  }

  /** Takes a message to our server. @param told hears what was answered; a message of the network's own has nobody */
  #deliver(message: Carried, waitsMs = 0, told: (answer: CallbackAnswer) => void = () => {}): void {
    const world = this.#world;
    const { scheduler } = world;
    let over = false;
    const end = (answer: CallbackAnswer) => {
      if (over) return;
      over = true;
      this.#judge(message, answer);
      told(answer);
    };
    scheduler.in(waitsMs + this.#chance.between(1, 80), () => {
      const serving = world.serving();
      const process = serving.length === 0 ? null : this.#chance.pick(serving);
      if (!process) {
        end({ kind: 'unreachable' });
        return 'quiet';
      }
      scheduler.in(this.#ecommpay.settings().callbackTimeoutMs, () => {
        end({ kind: 'timeout' });
        return 'quiet';
      });
      return process.run(() => {
        const { body } = new Response(message.body);
        void answerCallback(runtimeOf(process), { forwardedFor: null, contentLength: null, body }).then(
          ({ status }) =>
            scheduler.in(1, () => {
              end({ kind: 'answer', status, headers: {}, body: '' });
              return 'quiet';
            }),
          (error: unknown) => world.judge.expectStoreError(error),
        );
      });
    });
  }

  #judge({ tells, authentic }: Carried, answer: CallbackAnswer): void {
    if (answer.kind !== 'answer') return;
    const { status } = answer;
    this.#world.reach(`callback answered ${status}`);
    if (!authentic && status < 400) this.#heard.wrong('a callback that is not authentic was taken');
    if (authentic && status !== 200 && status !== 500)
      this.#heard.wrong(`an authentic callback was answered ${status}`);
    if (tells === undefined || status !== 200) return;
    this.#world.judge.told(tells);
    if (this.#world.database.get<{ kept: number }>(KEPT, tells, tells)?.kept === 0)
      this.#heard.wrong(`the success of ${tells} was answered 200 and is not on record`);
  }
}

/** How often it is on record that a payment, or a payout, succeeded. */
const KEPT = `select
    (select count(*) from payment_events where payment_id = ? and kind = 'callback_said' and data like '%"reading":"success"%')
  + (select count(*) from payout_events where payout_id = ? and kind = 'callback_said' and data like '%"reading":"success"%') as kept`;

const ofPayment =
  (name: 'id' | 'status') =>
  (body: string): string => {
    const tree = readJson(body).value;
    return tree instanceof Map ? textAt(objectAt(tree, 'payment'), name) : '';
  };

const paymentIn = ofPayment('id');
const statusIn = ofPayment('status');
