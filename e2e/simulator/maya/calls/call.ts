import type { Customer } from '../customers.ts';
import type { Outcome } from '../reply.ts';
import type { CallName, MayaRequest } from '../request.ts';
import type { ViolationKind } from '../violations.ts';
import type { World } from '../world.ts';

/** A call being handled, and what is learnt about it on the way. */
export type Call = {
  readonly number: number;
  readonly name: CallName;
  readonly request: MayaRequest;
  /** In the path of an execute. */
  readonly paymentId: string;
  customer?: Customer | undefined;
  scenario?: string;
  /** Beside the latency of every call. */
  delayMs: number;
  /** What it is about, to find overlapping calls. */
  subject?: string;
  onDelivered?: () => void;
  /** Hears of every token that this call made. */
  issued: (kind: 'client-token' | 'access-token' | 'refresh-token', value: string) => void;
};

/** Something wrong with a call, and how Maya refuses it. */
export type Problem = { kind: ViolationKind; detail: string; answer: Outcome };

export const referenceOf = (request: MayaRequest): string => request.headers['request-reference-no'] ?? '';

export function reportViolation(world: World, call: Call, kind: ViolationKind, detail: string): void {
  world.violations.add({
    at: world.now(),
    kind,
    call: call.name,
    detail,
    customer: call.customer?.id,
    number: call.number,
  });
}

/** Notes every problem down and gives the answer to the first, if there is one. */
export function refuseProblems(world: World, call: Call, problems: readonly Problem[]): Outcome | undefined {
  for (const { kind, detail } of problems) reportViolation(world, call, kind, detail);
  return problems[0]?.answer;
}
