import { invalidParameter, invalidRefreshToken } from '../answers.ts';
import {
  checkAccept,
  checkAcceptEncoding,
  checkAuthorization,
  checkJsonType,
  checkNoCustomerToken,
  checkReference,
} from '../checks/header-checks.ts';
import { checkFields, readJsonObject } from '../checks/json-object.ts';
import { type CustomerToken, markDelivered } from '../customer-tokens.ts';
import { json, type Outcome } from '../reply.ts';
import { JWS_SHAPE } from '../token-shapes.ts';
import type { World } from '../world.ts';
import { type Call, type Problem, refuseProblems, reportViolation } from './call.ts';
import { meet, refuseClientToken } from './tokens-in-call.ts';

/** `POST /tokens`: both of a customer's tokens anew; the ones before die at once. */
export function refresh(world: World, call: Call): Outcome {
  const { refreshToken, problems } = readBody(call.request.body);
  const known = world.customerTokens.refresh(refreshToken);
  if (known) call.customer = world.customers.get(known.family.customerId);

  const refusal =
    refuseProblems(world, call, [
      ...checkAuthorization(call.request),
      ...checkNoCustomerToken(call.request),
      ...checkJsonType(call.request),
      ...checkAccept(call.request),
      ...checkReference(call.request, call.number, world.references),
      ...checkAcceptEncoding(call.request),
      ...problems,
    ]) ?? refuseClientToken(world, call);
  if (refusal) return refusal;
  if (!known) return invalidRefreshToken(refreshToken);

  const meeting = world.book.forCustomer(known.family.customerId, call.name);
  const met = meeting && meet(world, call, meeting, known.family);
  if (met) return met;

  judge(world, call, known);
  call.subject = String(known.family.id);
  const { family, generation } = known;
  if (generation < family.generation) {
    if (family.revokedByReuse || world.settings.refreshReuse === 'revoke-family') family.over = true;
    return invalidRefreshToken(refreshToken);
  }
  if (family.over) return invalidRefreshToken(refreshToken);
  return rotate(world, call, known);
}

function rotate(world: World, call: Call, { family }: CustomerToken): Outcome {
  const { twist } = family;
  family.twist = undefined;
  if (twist) call.scenario = twist.scenario;
  if (twist?.name === 'slow') call.delayMs += world.settings.slowMs;

  const pair = world.customerTokens.rotate(family, world.now(), world.settings.accessTokenSeconds);
  call.issued('access-token', pair.accessToken);
  call.issued('refresh-token', pair.refreshToken);
  if (twist?.name === 'answer-lost') return { kind: 'hang' };

  const { generation } = family;
  call.onDelivered = () => markDelivered(family, generation, world.now());
  return json(
    200,
    { accessToken: pair.accessToken, refreshToken: pair.refreshToken, expiresAt: pair.expiresAt },
    { 'cache-control': 'no-store' },
  );
}

/** A lost answer excuses a second use of the same token; a delivered one does not. */
function judge(world: World, call: Call, { family, generation }: CustomerToken): void {
  if (generation < family.delivered) {
    reportViolation(
      world,
      call,
      'refresh-token-reused',
      `A refresh token of generation ${generation} was used ${world.now() - family.deliveredAt} ms after generation ${family.delivered} was delivered`,
    );
  }
  const other = world.open.numberOf('refresh', String(family.id));
  if (other !== undefined) {
    reportViolation(world, call, 'refreshes-overlapping', `Refresh ${other} of this session is still open`);
  }
}

function readBody(body: string): { refreshToken: string; problems: readonly Problem[] } {
  const { object, problems } = readJsonObject(body);
  if (!object) return { refreshToken: '', problems };
  const field = 'refreshToken';
  const found = checkFields(object, [field]);
  const { refreshToken } = object;
  if (typeof refreshToken === 'string' && JWS_SHAPE.test(refreshToken)) {
    return { refreshToken, problems: found };
  }
  const description = 'must be a refresh token, a JWT of three parts';
  if (refreshToken != null) {
    found.push({
      kind: 'field-invalid',
      detail: `${field} ${description}`,
      answer: invalidParameter(field, description),
    });
  }
  return { refreshToken: '', problems: found };
}
