import { checkAcceptEncoding } from '../checks/header-checks.ts';
import { checkBasicAuthorization, checkTokenBody } from '../checks/token-request.ts';
import { json, type Outcome } from '../reply.ts';
import type { World } from '../world.ts';
import { type Call, refuseProblems } from './call.ts';

/** `POST /oauth/token`: Maya Connect, client credentials. */
export function clientToken(world: World, call: Call): Outcome {
  const refusal = refuseProblems(world, call, [
    ...checkBasicAuthorization(call.request, world.credentials),
    ...checkTokenBody(call.request),
    ...checkAcceptEncoding(call.request, true),
  ]);
  if (refusal) return refusal;

  const meeting = world.book.forEveryone(call.name);
  if (meeting?.scenario.instead) {
    meeting.use();
    call.scenario = meeting.scenario.name;
    return meeting.scenario.instead();
  }
  const seconds = world.settings.clientTokenSeconds;
  const token = world.clientTokens.issue(world.now(), seconds);
  call.issued('client-token', token);
  return json(
    200,
    { access_token: token, token_type: 'Bearer', expires_in: seconds },
    { 'cache-control': 'no-store' },
  );
}
