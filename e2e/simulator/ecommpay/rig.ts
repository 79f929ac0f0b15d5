import { seeded } from '../maya/rig.ts';
import type { CallbackCall } from './callbacks/carry.ts';
import { createEcommpay } from './ecommpay.ts';
import type { Reply } from './reply.ts';
import type { EcommpayRequest } from './request.ts';
import type { EcommpayScenarioName } from './scenarios/catalogue.ts';
import type { Settings } from './settings.ts';
import { type Json, type JsonObject, treeOf, writeJson } from './signature/json-tree.ts';
import { sign, signed } from './signature/sign.ts';
import type { EcommpayOptions } from './world.ts';

/** A correct merchant's server for the specs, beside an ECommPay with a clock that they move. */

export const CREDENTIALS = {
  projectId: 210,
  secret: 'a-project-secret',
  dataToken: 'a-data-token',
  dataSecret: 'a-data-secret',
};

export const START = Date.UTC(2027, 0, 15);

export type Body = Record<string, unknown>;
export type Answered = { reply: Reply; status: number | string; body: Body; text: string };
export type Received = { at: number; text: string; body: Body };
export type SaleOptions = { id?: string; customer?: string; amount?: number; more?: Body };

const JSON_HEADERS = {
  'content-type': 'application/json',
  accept: 'application/json',
  'accept-encoding': 'gzip, deflate',
};

export type Rig = ReturnType<typeof createRig>;

export function createRig(settings: Partial<Settings> = {}, more: Partial<EcommpayOptions> = {}) {
  let time = START;
  let ids = 0;
  /** What the merchant answers to a callback. */
  let answer: (call: CallbackCall) => number | 'timeout' | 'unreachable' = () => 200;
  const received: Received[] = [];
  const ecommpay = createEcommpay({
    now: () => time,
    random: seeded(7),
    credentials: CREDENTIALS,
    settings,
    ...more,
  });

  const nextId = () => {
    ids += 1;
    return `order-${ids}`;
  };

  const deliver = () => {
    for (const call of ecommpay.due()) {
      received.push({ at: time, text: call.body, body: bodyOf(call.body) });
      const said = answer(call);
      ecommpay.called(
        call.number,
        typeof said === 'number' ? { kind: 'answer', status: said, headers: {}, body: '' } : { kind: said },
      );
    }
  };

  /** Time goes on, and callbacks are sent when they are due. */
  const pass = (ms: number) => {
    const until = time + ms;
    for (;;) {
      const at = ecommpay.nextAt();
      if (at === undefined || at > until) break;
      time = Math.max(time, at);
      deliver();
    }
    time = until;
  };

  const ask = (request: EcommpayRequest): Answered => {
    const reply = ecommpay.handle(request);
    ecommpay.ended(reply.number, reply.kind === 'answer' ? 'delivered' : 'lost');
    const text = reply.kind === 'answer' ? reply.body : '';
    return { reply, status: reply.kind === 'answer' ? reply.status : reply.kind, body: bodyOf(text), text };
  };

  const post = (path: string, text: string, headers: Record<string, string | undefined> = {}) =>
    ask({ method: 'POST', path, headers: { ...JSON_HEADERS, ...headers }, body: text });

  const gate = (path: string, body: Body) =>
    post(path, writeJson(signed(treeOf(body) as JsonObject, CREDENTIALS.secret, 'general')));

  const saleBody = ({
    id = nextId(),
    customer = 'c-1',
    amount = 10_000,
    more: changes = {},
  }: SaleOptions = {}): Body =>
    merged(
      {
        general: { project_id: CREDENTIALS.projectId, payment_id: id },
        payment: { amount, currency: 'PHP' },
        customer: { id: customer, email: 'maria@example.com', ip_address: '192.0.2.10' },
        return_url: { success: 'https://shop.example/orders/1', decline: 'https://shop.example/orders/1' },
      },
      changes,
    );

  const payoutBody = ({
    id = nextId(),
    customer = 'c-1',
    amount = 10_000,
    more: changes = {},
  }: SaleOptions = {}): Body =>
    merged(
      {
        general: { project_id: CREDENTIALS.projectId, payment_id: id },
        payment: { amount, currency: 'PHP' },
        customer: { id: customer, ip_address: '192.0.2.10' },
        account: { number: '09171234567', customer_name: 'Maria Santos' },
      },
      changes,
    );

  const pageParameters = ({
    id = nextId(),
    customer = 'c-1',
    amount = 10_000,
    more: changes = {},
  }: SaleOptions = {}) =>
    Object.fromEntries(
      Object.entries({
        project_id: String(CREDENTIALS.projectId),
        payment_id: id,
        payment_amount: String(amount),
        payment_currency: 'PHP',
        customer_id: customer,
        customer_email: 'maria@example.com',
        force_payment_method: 'paymaya-wallet',
        merchant_success_url: 'https://shop.example/ok?order=1&state=ok',
        merchant_fail_url: 'https://shop.example/fail',
        language_code: 'en',
        best_before: '2027-01-15T00:30:00+00:00',
        ...changes,
      }).filter(([, value]) => value !== undefined),
    ) as Record<string, string>;

  /** The address of the Payment Page, signed. */
  const pageAddress = (options: SaleOptions = {}): string => {
    const parameters = pageParameters(options);
    const signature = sign(treeOf(parameters) as Json, CREDENTIALS.secret);
    return `/payment?${new URLSearchParams({ signature, ...parameters })}`;
  };

  const browse = (path: string) => ask({ method: 'GET', path, headers: {}, body: '' });
  const submit = (path: string, fields: Record<string, string>) =>
    ask({
      method: 'POST',
      path,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
    });

  return {
    ecommpay,
    received,
    ask,
    post,
    gate,
    pass,
    saleBody,
    payoutBody,
    pageAddress,
    browse,
    submit,
    now: () => time,
    /** The clock moves, and nobody looks. */
    sleep(ms: number): void {
      time += ms;
    },
    answers(how: typeof answer): void {
      answer = how;
    },
    sale: (options: SaleOptions = {}) => gate('/v2/payment/wallet/paymaya/sale', saleBody(options)),
    payout: (options: SaleOptions = {}) => gate('/v2/payment/wallet/paymaya/payout', payoutBody(options)),
    status: (id: string) =>
      gate('/v2/payment/status', { general: { project_id: CREDENTIALS.projectId, payment_id: id } }),
    data: (path: string, body: Body) =>
      post(
        `/v1/${path}`,
        writeJson(
          signed(treeOf({ token: CREDENTIALS.dataToken, ...body }) as JsonObject, CREDENTIALS.dataSecret),
        ),
      ),
    /** The customer confirms the form of the Payment Page. */
    confirm: (options: SaleOptions = {}) => submit(pageAddress(options), { email: 'maria@example.com' }),
    approve: (payment: string, wallet = 'maria') => ecommpay.act({ payment, does: 'approve', wallet }),
    cancel: (payment: string, wallet = 'maria') => ecommpay.act({ payment, does: 'cancel', wallet }),
    scenario: (name: EcommpayScenarioName, calls?: number | 'always') =>
      ecommpay.setScenario({ name, ...(calls ? { calls } : {}) }),
    payment(id: string) {
      const [found] = ecommpay.payments({ payment: id });
      if (!found) throw new Error(`There is no payment ${id}`);
      return found;
    },
    /** In short: `payment.status operation.status code` of every callback. */
    told: (): string[] => received.map(({ body }) => shortly(body)),
    kinds: () => ecommpay.violations().map(({ kind }) => kind),
  };
}

const shortly = (body: Body): string => {
  const payment = body.payment as Body | undefined;
  const operation = body.operation as Body | undefined;
  return [payment?.status, operation?.status, operation?.code]
    .filter((word) => word !== undefined)
    .join(' / ');
};

export function bodyOf(text: string): Body {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return {};
  }
}

/** `changes` laid over `body`, member by member; `undefined` takes one away. */
export function merged(body: Body, changes: Body): Body {
  const isBody = (value: unknown): value is Body =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  const result: Body = { ...body };
  for (const [key, value] of Object.entries(changes)) {
    const before = result[key];
    if (value === undefined) delete result[key];
    else result[key] = isBody(before) && isBody(value) ? merged(before, value) : value;
  }
  return result;
}
