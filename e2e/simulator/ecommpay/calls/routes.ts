import { json, type Outcome } from '../reply.ts';
import type { CallName, EcommpayRequest } from '../request.ts';
import type { World } from '../world.ts';
import { type Call, reportViolation } from './call.ts';
import { balance, operations, operationsByPayment } from './data.ts';
import { payout, sale, status } from './gate.ts';
import { paymentPage, result, wallet } from './hosted.ts';

const ROUTES: { methods: readonly string[]; path: RegExp; name: CallName }[] = [
  { methods: ['POST'], path: /^\/v2\/payment\/wallet\/paymaya\/sale$/, name: 'sale' },
  { methods: ['POST'], path: /^\/v2\/payment\/wallet\/paymaya\/payout$/, name: 'payout' },
  { methods: ['POST'], path: /^\/v2\/payment\/status$/, name: 'status' },
  { methods: ['POST'], path: /^\/v1\/operations\/get$/, name: 'operations' },
  { methods: ['POST'], path: /^\/v1\/operations\/get-by-payment$/, name: 'operations-by-payment' },
  { methods: ['POST'], path: /^\/v1\/balance\/get$/, name: 'balance' },
  { methods: ['GET', 'POST'], path: /^\/payment\?/, name: 'page' },
  { methods: ['GET', 'POST'], path: /^\/payment\/wallet(\?|$)/, name: 'wallet' },
  { methods: ['GET'], path: /^\/payment\/result\?/, name: 'result' },
];

export const route = ({ method, path }: EcommpayRequest): CallName =>
  ROUTES.find((candidate) => candidate.methods.includes(method) && candidate.path.test(path))?.name ??
  'unknown';

function unknown(world: World, call: Call): Outcome {
  const { method } = call.request;
  reportViolation(
    world,
    call,
    'endpoint-unknown',
    `${method} to an address or with a query that ECommPay does not have`,
  );
  return json(404, { status: 'error', message: 'Not Found' });
}

export const calls: Record<CallName, (world: World, call: Call) => Outcome> = {
  sale,
  payout,
  status,
  operations,
  'operations-by-payment': operationsByPayment,
  balance,
  page: paymentPage,
  wallet,
  result,
  unknown,
};
