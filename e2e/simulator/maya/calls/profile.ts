import { invalidParameter } from '../answers.ts';
import { profileOf } from '../customers.ts';
import { json, type Outcome } from '../reply.ts';
import type { World } from '../world.ts';
import { admit } from './admit.ts';
import type { Call, Problem } from './call.ts';

/** `GET /profile`: who the customer is, signed and encrypted. */
export function profile(world: World, call: Call): Outcome {
  const { refusal, customer } = admit(world, call, checkNoBody(call.request.body));
  if (refusal) return refusal;
  if (!world.profileIsOpen) {
    return json(403, {
      code: 'insufficient_scope',
      message: 'Profile sharing is not agreed for this client.',
    });
  }
  return { kind: 'profile', claims: profileOf(customer) };
}

const checkNoBody = (body: string): Problem[] =>
  body === ''
    ? []
    : [
        {
          kind: 'body-malformed',
          detail: 'GET /profile has no body',
          answer: invalidParameter('body', 'must be empty'),
        },
      ];
