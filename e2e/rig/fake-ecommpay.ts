import type { Fetch, FetchInit } from '#lib/base/http.ts';
import { sign } from '#lib/ecommpay/signature.ts';
import type { Runtime } from '#lib/runtime/build.ts';
import { answerCallback } from '#lib/runtime/ecommpay-callback.ts';

export const PROJECT = 580;
export const SECRET = 'an-ecommpay-secret-for-tests';
const ORIGIN = 'http://localhost:4001';

/** Settings that switch the rail on, against {@link FakeEcommpay}. */
export const ECOMMPAY = {
  ECOMMPAY_PROJECT_ID: String(PROJECT),
  ECOMMPAY_SECRET: SECRET,
  ECOMMPAY_PAYMENT_PAGE_URL: `${ORIGIN}/payment`,
  ECOMMPAY_GATE_URL: ORIGIN,
  ECOMMPAY_DATA_URL: `${ORIGIN}/v1`,
};

export type EcommpayCall = {
  name: 'sale' | 'payout' | 'status';
  paymentId: string;
  body: Record<string, unknown>;
  raw: string;
  signal: AbortSignal;
};

export type EcommpayAnswer = (call: EcommpayCall, fake: FakeEcommpay) => Response | Promise<Response>;

/** What ECommPay knows of a payment. */
export type Known = {
  status: string;
  amount: number;
  currency?: string;
  project?: number;
  type?: string;
  code?: string;
  operation?: number;
  operationStatus?: string;
  /** All of them, as the answer to a status request lists them. */
  operations?: readonly { id: number; type: string; status: string }[];
  at?: string;
  /** The operation's own words; with a `;` in them the message is ambiguous. */
  message?: string;
  redirect?: unknown;
};

export const refusedWith =
  (code: string, status = 400): EcommpayAnswer =>
  () =>
    Response.json({ status: 'error', code, message: 'x' }, { status });

/** A message in the form of callbacks, signed. */
export function signedMessage(paymentId: string, known: Known, secret = SECRET): string {
  const sum = { amount: known.amount, currency: known.currency ?? 'PHP' };
  const message: Record<string, unknown> = {
    project_id: known.project ?? PROJECT,
    payment: {
      id: paymentId,
      type: known.type ?? 'purchase',
      status: known.status,
      method: 'PayMaya wallet',
      sum,
      description: '',
    },
    operation: {
      id: known.operation ?? 590,
      type: known.type === 'payout' ? 'payout' : 'sale',
      status: known.operationStatus ?? known.status,
      ...dateOf(known),
      code: known.code ?? (known.status === 'success' ? '0' : '9999'),
      ...(known.message === undefined ? {} : { message: known.message }),
      sum_initial: sum,
      sum_converted: sum,
    },
    ...(known.operations === undefined ? {} : { operations: known.operations }),
    ...(known.redirect === undefined ? {} : { redirect_data: known.redirect }),
  };
  return JSON.stringify({ ...message, signature: sign(message, secret) });
}

/** A payout's tells no date where none is given: a test lets days pass, and one that is older than its row is not ours. */
function dateOf({ at, type }: Known): { date?: string } {
  if (at !== undefined) return { date: at };
  return type === 'payout' ? {} : { date: '2026-11-21T02:00:00+0000' };
}

/**
 * ECommPay at the network's edge of a test: answers each call with the next scripted answer, else as ECommPay does when
 * all is well. What it knows of payments is set by `tell`, or by a sale or payout that it accepted.
 */
export class FakeEcommpay {
  readonly calls: EcommpayCall[] = [];
  readonly known = new Map<string, Known>();
  readonly script: Record<EcommpayCall['name'], EcommpayAnswer[]> = {
    sale: [],
    payout: [],
    status: [],
  };

  named(name: EcommpayCall['name']): EcommpayCall[] {
    return this.calls.filter((call) => call.name === name);
  }

  /** What a status request hears from now on, and the callback that says the same. */
  tell(paymentId: string, known: Known): string {
    this.known.set(paymentId, known);
    return signedMessage(paymentId, known);
  }

  /** Its own addresses are answered here, all others by `other`. */
  beside(other: Fetch): Fetch {
    return (url, init) => (url.startsWith(ORIGIN) ? this.#answer(url, init) : other(url, init));
  }

  async #answer(url: string, init: FetchInit): Promise<Response> {
    const raw = init.body ?? '';
    const body = JSON.parse(raw) as { general: { payment_id: string } } & Record<string, unknown>;
    const last = new URL(url).pathname.split('/').at(-1);
    const name = last === 'sale' || last === 'payout' ? last : 'status';
    const call: EcommpayCall = { name, paymentId: body.general.payment_id, body, raw, signal: init.signal };
    this.calls.push(call);
    const next = this.script[name].shift();
    return next ? next(call, this) : this.well(call);
  }

  /** What ECommPay answers when all is well. */
  well({ name, paymentId, body }: EcommpayCall): Response {
    const known = this.known.get(paymentId);
    if (name === 'status') {
      if (!known) return Response.json({ status: 'error', code: '3061' }, { status: 404 });
      return new Response(signedMessage(paymentId, known));
    }
    if (known) return Response.json({ status: 'error', code: '3041' }, { status: 400 });
    const { amount } = body.payment as { amount: number };
    this.known.set(paymentId, {
      status: 'processing',
      amount,
      ...(name === 'payout' ? { type: 'payout' } : {}),
    });
    return Response.json({ status: 'success', request_id: 'r', project_id: PROJECT, payment_id: paymentId });
  }
}

/** Delivers a callback's body as it is. @returns the answer's status */
export async function deliver(deps: Runtime, body: string | Uint8Array): Promise<number> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
  const answer = await answerCallback(deps, { forwardedFor: null, contentLength: null, body: stream });
  return answer.status;
}
