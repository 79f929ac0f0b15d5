import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readSettings, type Settings } from '#lib/base/env.ts';
import { findOrderById } from '#lib/orders/order.ts';
import { placeOrder } from '#lib/orders/place-order.ts';
import { customerIdOf } from '#lib/payments/ecommpay/customer-id.ts';
import { startGatePayment } from '#lib/payments/ecommpay/start-gate.ts';
import type { Runtime } from '#lib/runtime/build.ts';
import type { CallbackRequest } from '#lib/runtime/ecommpay-callback.ts';
import { SAMPLE_LINES } from '../rig/rig.ts';
import { testEnvironment } from '../rig/settings.ts';
import { type Simulator, startSimulator } from '../simulator/start.ts';

const SECRET = 'the-secret-of-a-simulated-project';
const PROJECT = 580;

/** What takes days in life takes seconds here. */
const SHORT = {
  ECOMMPAY_TIMEOUT_MS: '1000',
  ECOMMPAY_PAYOUT_BASE_SECONDS: '5',
  ECOMMPAY_RESEND_AFTER_SECONDS: '3',
  ECOMMPAY_SALE: 'gate',
};

export type Answered = { status: number; text: string };

/** A callback, as the handler takes it. */
export const callbackFrom = (bytes: Buffer): CallbackRequest => ({
  forwardedFor: null,
  contentLength: null,
  body: new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  }),
});

export type PayoutStage = {
  simulator: Simulator;
  /** Variables of a process on this stage, and what they mean. */
  env: Record<string, string>;
  settings: Settings;
  /** Who takes the callbacks from now on; `null` is no answer at all, as of a process that dies over it. */
  hear(answer: (body: Buffer) => Promise<Answered | null>): void;
  close(): Promise<void>;
};

/** The simulator over HTTP, and an address at which the living process takes its callbacks. */
export async function openPayoutStage(databaseUrl: string): Promise<PayoutStage> {
  let hearing: Parameters<PayoutStage['hear']>[0] = async () => null;
  const app = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const answer = await hearing(Buffer.concat(parts));
    if (!answer) return void response.destroy();
    response.writeHead(answer.status);
    response.end(answer.text);
  });
  await new Promise<void>((resolve) => app.listen(0, 'localhost', resolve));
  const appUrl = `http://localhost:${(app.address() as AddressInfo).port}`;
  const simulator = await startSimulator({
    port: 0,
    appUrl,
    clientId: 'client',
    clientSecret: 'a-client-secret',
    p2mId: 'P2M-1',
    ecommpay: { projectId: PROJECT, secret: SECRET, dataToken: 'token', dataSecret: 'data-secret' },
    ecommpaySettings: {
      payoutAfterMs: 500,
      resultAfterMs: 10,
      redirectAfterMs: 10,
      daysMs: 4_000,
      answerLateMs: 300,
      callbackLateMs: 3_000,
      hangMs: 5_000,
    },
  });
  const env = testEnvironment({
    APP_URL: appUrl,
    SIMULATOR_URL: simulator.url,
    DATABASE_URL: databaseUrl,
    ECOMMPAY_PROJECT_ID: String(PROJECT),
    ECOMMPAY_SECRET: SECRET,
    ECOMMPAY_PAYMENT_PAGE_URL: `${simulator.url}/payment`,
    ECOMMPAY_GATE_URL: simulator.url,
    ECOMMPAY_DATA_URL: `${simulator.url}/v1`,
    ...SHORT,
  });
  const settings = readSettings(env, false);
  return {
    simulator,
    env,
    settings,
    hear: (answer) => {
      hearing = answer;
    },
    close: async () => {
      await simulator.close();
      await new Promise((resolve) => {
        app.close(resolve);
        app.closeAllConnections();
      });
    },
  };
}

/** Customers who pay by PayMaya, so that they may be paid out to. @returns their ids at ECommPay */
export async function makePayers(stage: PayoutStage, deps: Runtime, count: number): Promise<string[]> {
  const { simulator } = stage;
  simulator.maya.saveCustomer({ id: 'maria', name: 'Maria Santos', balanceCentavos: 100_000_000 });
  const customers: string[] = [];
  for (let number = 1; number <= count; number += 1) {
    const owner = { row: deps.ids.key(), customerId: null };
    const order = await findOrderById(deps.store.db, await placeOrder(deps, owner, number, SAMPLE_LINES));
    if (!order) throw new Error('the order is gone');
    const buyer = {
      owner,
      email: 'maria@example.ph',
      ipAddress: '203.0.113.7',
      returnUrl: `${stage.settings.APP_URL.origin}/orders/${order.id}`,
    };
    const { settled } = await startGatePayment(deps, buyer, order, order.version);
    await settled;
    customers.push(customerIdOf(owner));
    const payment = await deps.store.db
      .selectFrom('payments')
      .select('id')
      .where('order_id', '=', order.id)
      .executeTakeFirstOrThrow();
    await eventually(
      () => simulator.ecommpay.payments({ payment: payment.id })[0]?.status === 'awaiting redirect result',
    );
    simulator.ecommpay.act({ payment: payment.id, does: 'approve', wallet: 'maria' });
    await eventually(async () => {
      const row = await deps.store.db
        .selectFrom('payments')
        .select('state')
        .where('id', '=', payment.id)
        .executeTakeFirst();
      return row?.state === 'approved';
    });
  }
  return customers;
}

const LOOK_EVERY_MS = 50;

/** @throws Error where it does not come true within a minute */
export async function eventually(look: () => boolean | Promise<boolean>, withinMs = 60_000): Promise<void> {
  const until = Date.now() + withinMs;
  while (!(await look())) {
    if (Date.now() > until) throw new Error('it never happened');
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
