import type { Problem } from '../checks/inspection.ts';
import { type Outcome, refusal } from '../reply.ts';
import type { CallName, EcommpayRequest } from '../request.ts';
import type { ViolationKind } from '../violations.ts';
import type { World } from '../world.ts';

/** A call being handled, and what is learnt about it on the way. */
export type Call = {
  readonly number: number;
  readonly name: CallName;
  readonly request: EcommpayRequest;
  /** The merchant's ids. */
  customer?: string;
  payment?: string;
  scenario?: string;
  /** Beside the latency of every call. */
  delayMs: number;
  onDelivered?: () => void;
};

export function reportViolation(world: World, call: Call, kind: ViolationKind, detail: string): void {
  world.violations.add({
    at: world.now(),
    kind,
    call: call.name,
    detail,
    customer: call.customer || undefined,
    payment: call.payment || undefined,
    number: call.number,
  });
}

/** Notes every problem down. */
export function report(world: World, call: Call, problems: readonly Problem[]): void {
  for (const { kind, detail } of problems) reportViolation(world, call, kind, detail);
}

/** Notes every problem down and gives the answer to the first, if there is one. */
export function refuseProblems(world: World, call: Call, problems: readonly Problem[]): Outcome | undefined {
  report(world, call, problems);
  const [first] = problems;
  return first && refusal(first.code, first.detail, idsOf(world, call));
}

export const idsOf = (world: World, call: Call): object => ({
  project_id: world.credentials.projectId,
  payment_id: call.payment || undefined,
});
