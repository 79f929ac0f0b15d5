import { invalidClient, invalidCustomerToken } from '../answers.ts';
import type { Family } from '../customer-tokens.ts';
import type { Outcome } from '../reply.ts';
import type { Meeting } from '../scenarios/book.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { World } from '../world.ts';
import { type Call, reportViolation } from './call.ts';

const bearerOf = (call: Call) => (call.request.headers.authorization ?? '').slice('Bearer '.length);
const accessTokenOf = (call: Call) => call.request.headers['x-authorization'] ?? '';

/** The token in `X-Authorization`, if it was ever issued, and whose it is. */
export function customerTokenIn(world: World, call: Call) {
  const known = world.customerTokens.access(accessTokenOf(call));
  return known && { ...known, customer: world.customers.get(known.family.customerId) };
}

/** An unknown client token is no violation: after a restart of Maya every client holds one. */
export function refuseClientToken(world: World, call: Call): Outcome | undefined {
  if (world.clientTokens.isLive(bearerOf(call), world.now())) return undefined;
  return invalidClient('The client token is invalid or has expired', 'Bearer');
}

export function refuseCustomerToken(world: World, call: Call): Outcome | undefined {
  const token = accessTokenOf(call);
  const known = world.customerTokens.access(token);
  if (known && known.generation < known.family.delivered) {
    const age = world.now() - known.family.deliveredAt;
    reportViolation(
      world,
      call,
      'access-token-superseded',
      `An access token of generation ${known.generation} was used ${age} ms after generation ${known.family.delivered} was delivered`,
    );
  }
  return world.customerTokens.isLive(token, world.now()) ? undefined : invalidCustomerToken();
}

/**
 * What the scenario that is on does to every call it touches: it may refuse one of its tokens, answer in its stead, or slow it
 * down. `undefined`: the call goes on, with the scenario's twist for it, if there is one.
 */
export function meet(world: World, call: Call, meeting: Meeting, family: Family): Outcome | undefined {
  const { scenario, use } = meeting;
  if (!scenario.rejects && !scenario.instead && !scenario.slow) return undefined;
  use();
  call.scenario = scenario.name;
  if (scenario.slow) call.delayMs += world.settings.slowMs;
  if (scenario.instead) return scenario.instead();
  if (scenario.rejects === 'client-token') {
    world.clientTokens.kill(bearerOf(call));
    return invalidClient('The client token is invalid or has expired', 'Bearer');
  }
  if (scenario.rejects === 'access-token') {
    world.customerTokens.expire(accessTokenOf(call));
    prepareRefresh(family, scenario);
    return invalidCustomerToken();
  }
  return undefined;
}

function prepareRefresh(family: Family, scenario: Scenario): void {
  switch (scenario.refresh) {
    case undefined:
      break;
    case 'refused':
      family.over = true;
      break;
    case 'revoked-by-reuse':
      family.revokedByReuse = true;
      family.twist = { name: 'answer-lost', scenario: scenario.name };
      break;
    default:
      family.twist = { name: scenario.refresh, scenario: scenario.name };
  }
}
