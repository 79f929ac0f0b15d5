import { json, type Outcome } from '../reply.ts';
import type { CallName, MayaRequest } from '../request.ts';
import type { World } from '../world.ts';
import { type Call, reportViolation } from './call.ts';
import { clientToken } from './client-token.ts';
import { create } from './create.ts';
import { execute } from './execute.ts';
import { profile } from './profile.ts';
import { refresh } from './refresh.ts';

const ROUTES: { method: string; path: RegExp; name: CallName }[] = [
  { method: 'POST', path: /^\/oauth\/token$/, name: 'client-token' },
  { method: 'POST', path: /^\/tokens$/, name: 'refresh' },
  { method: 'GET', path: /^\/profile$/, name: 'profile' },
  { method: 'POST', path: /^\/merchant\/payments$/, name: 'create' },
  { method: 'POST', path: /^\/merchant\/payments\/([^/?]+)\/execute$/, name: 'execute' },
];

export function route({ method, path }: MayaRequest): { name: CallName; paymentId: string } {
  for (const candidate of ROUTES) {
    const match = candidate.method === method ? candidate.path.exec(path) : null;
    if (match) return { name: candidate.name, paymentId: match[1] ?? '' };
  }
  return { name: 'unknown', paymentId: '' };
}

function unknown(world: World, call: Call): Outcome {
  const { method } = call.request;
  reportViolation(
    world,
    call,
    'endpoint-unknown',
    `${method} to an address or with a query that Maya does not have`,
  );
  return json(404, { message: 'Not Found' });
}

export const calls: Record<CallName, (world: World, call: Call) => Outcome> = {
  'client-token': clientToken,
  refresh,
  profile,
  create,
  execute,
  unknown,
};
