import type { CustomerSession } from '#lib/customer-session/sessions.ts';
import type { Order } from '#lib/orders/order.ts';
import { nudgeAfterReturn } from '#lib/payments/ecommpay/after-return.ts';
import { redirectFor } from '#lib/payments/ecommpay/redirect-for.ts';
import { startGatePayment } from '#lib/payments/ecommpay/start-gate.ts';
import { startPagePayment } from '#lib/payments/ecommpay/start-page.ts';
import { pay } from '#lib/payments/pay.ts';
import { settleOnce } from '#lib/payments/settle.ts';
import { drive, settleIo } from './drive.ts';
import { AMOUNT, type Edge, freshEdge, freshOrder, HOUR, MINUTE } from './ecommpay-shopper.ts';
import { deliver, type EcommpayAnswer, type Known, signedMessage } from './fake-ecommpay.ts';
import { reset } from './fake-maya.ts';
import { paymentsOf } from './payments.ts';
import { makeOrder, makeSession, type Rig } from './rig.ts';

/** What is true at ECommPay of one payment. */
type Truth = { known: Known; registeredAt: number; operation: number };

const LIMIT_MS = 24 * HOUR;

/**
 * One order, one customer, both rails, and an ECommPay that behaves as it documents, on a network that loses, delays and
 * repeats. Every choice comes from `random`, so that a seed tells the whole story.
 */
export class World {
  readonly edge: Edge = freshEdge();
  readonly truth = new Map<string, Truth>();
  readonly #rig: Rig;
  readonly #random: () => number;
  readonly #callbacks: string[] = [];
  /** Gate requests that are still on their way. */
  #late: { at: number; arrive: () => void }[] = [];
  #session: CustomerSession | undefined;
  #order: Order | undefined;

  constructor(rig: Rig, random: () => number) {
    this.#rig = rig;
    this.#random = random;
  }

  async begin(): Promise<void> {
    this.#session = await makeSession(this.#rig.deps, { expiresInMs: 100 * HOUR });
    this.#order = await makeOrder(this.#rig.deps, this.#session);
  }

  get orderId(): string {
    return this.#order?.id ?? '';
  }

  #now = () => this.#rig.deps.clock.now();
  #chance = (probability: number) => this.#random() < probability;
  #pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(this.#random() * items.length)];

  /** One thing that happens. */
  async step(): Promise<void> {
    const acts = [
      () => this.#tapPage(),
      () => this.#tapGate(),
      () => this.#tapMaya(),
      () => this.#customerActs(),
      () => this.#customerActs(),
      () => this.#providerActs(),
      () => this.#providerActs(),
      () => this.#deliverOne(),
      () => this.#deliverOne(),
      () => this.#comesBack(),
      () => this.#processDies(),
      () => this.pass(this.#random() * MINUTE),
      () => this.pass(this.#random() * 20 * MINUTE),
      () => this.pass(this.#random() * 2 * HOUR),
    ];
    await this.#pick(acts)?.();
  }

  /** Everything comes to its end: callbacks arrive, limits pass, machines ask. */
  async end(): Promise<void> {
    await this.pass(26 * HOUR);
    for (const body of this.#callbacks) await deliver(this.#rig.deps, body);
    await this.pass(3 * HOUR);
  }

  /** Lets time pass; ECommPay declines what is too old, requests arrive, and what is due is looked after. */
  async pass(ms: number): Promise<void> {
    const until = this.#now() + Math.max(1, Math.floor(ms));
    while (this.#now() < until) {
      const payments = (await paymentsOf(this.#rig.deps, this.orderId)).filter(
        ({ asking }) => asking !== 'no',
      );
      const moments = [...payments.map(({ next_ask_at: at }) => at), ...this.#late.map(({ at }) => at)];
      const next = Math.min(until, ...moments.map((at) => Math.max(at, this.#now() + 1_000)));
      await this.#rig.test.advance(next - this.#now());
      for (const { arrive } of this.#late.filter(({ at }) => at <= this.#now())) arrive();
      this.#late = this.#late.filter(({ at }) => at > this.#now());
      for (const [id, { known, registeredAt }] of this.truth)
        if (this.#isOpen(known) && this.#now() >= registeredAt + LIMIT_MS)
          this.#becomes(id, { ...known, status: 'decline', code: '20000' });
      for (const { id } of payments) {
        this.#unreliable();
        await drive(this.#rig.test, settleOnce(this.#rig.deps, id, { ignoreDue: false }), 5);
      }
    }
  }

  #isOpen = ({ status }: Known) => status !== 'success' && status !== 'decline';

  #becomes(id: string, known: Known): void {
    const truth = this.truth.get(id);
    this.truth.set(id, {
      known,
      registeredAt: truth?.registeredAt ?? this.#now(),
      operation: known.operation ?? 1,
    });
    this.edge.ecommpay.known.set(id, known);
    this.#callbacks.push(signedMessage(id, known));
  }

  /** Some answers get lost on their way. */
  #unreliable(): void {
    this.edge.ecommpay.script.status.length = 0;
    if (this.#chance(0.2)) this.edge.ecommpay.script.status.push(reset as unknown as EcommpayAnswer);
    else if (this.#chance(0.1))
      this.edge.ecommpay.script.status.push(() => new Response('<h1>502</h1>', { status: 502 }));
  }

  async #buyer() {
    const { deps } = this.#rig;
    if (!this.#session) throw new Error('nothing has begun');
    const order = await freshOrder(deps, this.orderId);
    const buyer = {
      owner: this.#session,
      email: 'maria@example.ph',
      language: 'en',
      ipAddress: '203.0.113.7',
      returnUrl: 'http://localhost:3000/orders/1',
    };
    return { order, buyer, session: this.#session };
  }

  async #tapPage(): Promise<void> {
    const { order, buyer } = await this.#buyer();
    await startPagePayment(this.#rig.deps, buyer, order, order.version);
  }

  async #tapGate(): Promise<void> {
    const { order, buyer } = await this.#buyer();
    this.edge.ecommpay.script.sale.length = 0;
    const arrives: EcommpayAnswer = (call, fake) => {
      const answer = fake.well(call);
      if (!this.truth.has(call.paymentId)) {
        this.#becomes(call.paymentId, {
          status: 'awaiting redirect result',
          amount: AMOUNT,
          redirect: { url: 'https://pay.example/1' },
        });
      }
      return answer;
    };
    const lost = reset as unknown as EcommpayAnswer;
    const luck = this.#random();
    for (let request = 0; request < 3; request += 1)
      this.edge.ecommpay.script.sale.push((call, fake) => {
        if (luck < 0.4 || request === 2) return arrives(call, fake);
        if (luck < 0.6) {
          arrives(call, fake);
          return lost(call, fake);
        }
        if (luck < 0.8)
          this.#late.push({
            at: this.#now() + Math.ceil(this.#random() * 25 * MINUTE),
            arrive: () => void arrives(call, fake),
          });
        return lost(call, fake);
      });
    const { settled } = await startGatePayment(this.#rig.deps, buyer, order, order.version);
    await drive(this.#rig.test, settled, 100);
  }

  async #tapMaya(): Promise<void> {
    const { order, session } = await this.#buyer();
    this.edge.maya.script.execute.length = 0;
    const declines = this.#chance(0.7);
    this.edge.maya.script.execute.push((call, fake) => fake.result(call, declines ? 'DECLINED' : 'APPROVED'));
    const { settled } = await pay(this.#rig.deps, session, order.id, order.version);
    await drive(this.#rig.test, settled, 100);
  }

  /** On the Payment Page the customer confirms the form while the address lives; through Gate, goes where it says. */
  async #customerActs(): Promise<void> {
    const payments = await paymentsOf(this.#rig.deps, this.orderId);
    const payment = this.#pick(payments.filter(({ rail }) => rail === 'ecommpay'));
    if (!payment) return;
    const sale = await this.#rig.deps.store.db
      .selectFrom('ecommpay_sales')
      .select(['interface', 'request'])
      .where('payment_id', '=', payment.id)
      .executeTakeFirstOrThrow();
    const truth = this.truth.get(payment.id);
    if (sale.interface === 'page' && !truth && sale.request !== null) {
      const { bestBeforeMs } = JSON.parse(sale.request) as { bestBeforeMs: number };
      if (this.#now() < bestBeforeMs) this.#becomes(payment.id, { status: 'processing', amount: AMOUNT });
    }
    if (sale.interface === 'gate' && truth?.known.status === 'awaiting redirect result') {
      const way = await redirectFor(this.#rig.deps, payment);
      if (way.kind === 'go') this.#becomes(payment.id, { status: 'external processing', amount: AMOUNT });
    }
  }

  async #providerActs(): Promise<void> {
    const open = [...this.truth].filter(([, { known }]) => known.status.endsWith('processing'));
    const [id, truth] = this.#pick(open) ?? [];
    if (id === undefined || !truth) return;
    const operation = truth.operation + 1;
    const luck = this.#random();
    if (luck < 0.5) this.#becomes(id, { status: 'success', amount: AMOUNT, operation });
    else if (luck < 0.75) this.#becomes(id, { status: 'decline', amount: AMOUNT, code: '20105', operation });
    else
      this.#callbacks.push(
        signedMessage(id, {
          status: 'awaiting customer',
          operationStatus: 'decline',
          amount: AMOUNT,
          operation,
        }),
      );
  }

  async #deliverOne(): Promise<void> {
    const body = this.#pick(this.#callbacks);
    if (body !== undefined) await deliver(this.#rig.deps, body);
  }

  async #comesBack(): Promise<void> {
    const payment = this.#pick(await paymentsOf(this.#rig.deps, this.orderId));
    if (!payment) return;
    this.#unreliable();
    await nudgeAfterReturn(this.#rig.deps, payment.id);
    await settleIo(this.#rig.test);
    await this.pass(10_000);
  }

  /** Whoever looked after a payment is gone, and its lease lapses. */
  async #processDies(): Promise<void> {
    await this.#rig.deps.store.db
      .updateTable('payments')
      .set({ lease_until: 0, lease_by: 'dead' })
      .where('order_id', '=', this.orderId)
      .execute();
  }
}
