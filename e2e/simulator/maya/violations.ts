import type { CallName } from './request.ts';

/** Every way in which a merchant's server can be caught. */
export const VIOLATION_KINDS = [
  'endpoint-unknown',
  'content-type',
  'accept',
  'accept-encoding',
  'reference-missing',
  'reference-not-uuid4',
  'reference-reused',
  'authorization-missing',
  'authorization-malformed',
  'client-credentials',
  'grant-type',
  'x-authorization-missing',
  'x-authorization-prefix',
  'x-authorization-malformed',
  'x-authorization-unexpected',
  'access-token-superseded',
  'refresh-token-reused',
  'refreshes-overlapping',
  'body-malformed',
  'field-missing',
  'field-unknown',
  'field-invalid',
  'amount-not-a-number',
  'amount-decimals',
  'amount-range',
  'currency',
  'p2m-id',
  'execute-body',
  'execute-late',
  'executes-overlapping',
  'payment-unknown',
  'payment-of-another-customer',
  'session-id',
  'session-id-reused',
] as const;

export type ViolationKind = (typeof VIOLATION_KINDS)[number];

export type Violation = {
  at: number;
  kind: ViolationKind;
  call: CallName | 'session';
  /** What was wrong, never with a secret in it. */
  detail: string;
  customer?: string | undefined;
  /** The call's number in the log. */
  number: number;
};

export type Violations = ReturnType<typeof createViolations>;

/** Wrong calls, kept apart from the log so that no test overlooks one. */
export function createViolations() {
  const list: Violation[] = [];
  return {
    add: (violation: Violation): void => void list.push(violation),
    list: (customerId?: string): Violation[] =>
      list.filter((violation) => !customerId || violation.customer === customerId),
  };
}
