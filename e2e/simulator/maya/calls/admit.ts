import {
  checkAcceptEncoding,
  checkAuthorization,
  checkCustomerToken,
  checkJsonType,
  checkReference,
} from '../checks/header-checks.ts';
import type { Customer } from '../customers.ts';
import type { Outcome } from '../reply.ts';
import type { Meeting } from '../scenarios/book.ts';
import type { World } from '../world.ts';
import { type Call, type Problem, refuseProblems } from './call.ts';
import { customerTokenIn, meet, refuseClientToken, refuseCustomerToken } from './tokens-in-call.ts';

type Admission =
  | { refusal: Outcome; customer?: undefined; meeting?: undefined }
  | {
      refusal?: undefined;
      customer: Customer /** With a twist for this call. */;
      meeting: Meeting | undefined;
    };

/**
 * The door of every call made in a customer's name: form first, then the merchant's token, then the customer's, then the
 * scenario. A call that is refused here uses no scenario up unless the scenario refused it.
 */
export function admit(world: World, call: Call, bodyProblems: readonly Problem[]): Admission {
  const known = customerTokenIn(world, call);
  call.customer = known?.customer;

  const refusal =
    refuseProblems(world, call, [
      ...checkAuthorization(call.request),
      ...checkCustomerToken(call.request),
      ...checkJsonType(call.request),
      ...checkReference(call.request, call.number, world.references),
      ...checkAcceptEncoding(call.request),
      ...bodyProblems,
    ]) ??
    refuseClientToken(world, call) ??
    refuseCustomerToken(world, call);
  if (refusal) return { refusal };
  if (!known) throw new Error('A live customer token belongs to a customer');

  const meeting = world.book.forCustomer(known.customer.id, call.name);
  const met = meeting && meet(world, call, meeting, known.family);
  return met ? { refusal: met } : { customer: known.customer, meeting };
}
