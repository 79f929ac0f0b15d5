import type { CallName } from './request.ts';

/** Every way in which a merchant's server can be caught on this rail. */
export const VIOLATION_KINDS = [
  'endpoint-unknown',
  'content-type',
  'accept',
  'accept-encoding',
  'body-malformed',
  'duplicate-key',
  'field-missing',
  'field-unknown',
  'field-invalid',
  'fraction',
  'semicolon',
  'signature-missing',
  'signature-invalid',
  'project-id',
  'payment-id',
  'payment-id-reused',
  'amount-range',
  'currency',
  'customer-id',
  'email',
  'ip-address',
  'account-number',
  'return-url',
  'callback-url',
  'callback-delay',
  'callback-disabled',
  'payout-without-sale',
  'data-token',
  'interval',
  'callback-answer',
  'callback-forged-accepted',
] as const;

export type ViolationKind = (typeof VIOLATION_KINDS)[number];

export type Violation = {
  at: number;
  kind: ViolationKind;
  call: CallName | 'callback';
  /** What was wrong, never with a secret in it. */
  detail: string;
  customer?: string | undefined;
  payment?: string | undefined;
  /** The call's number in the log. */
  number: number;
};

export type Violations = ReturnType<typeof createViolations>;

export type ViolationFilter = { customer?: string | undefined; payment?: string | undefined };

export function createViolations() {
  const list: Violation[] = [];
  return {
    add: (violation: Violation): void => void list.push(violation),
    list: ({ customer, payment }: ViolationFilter): Violation[] =>
      list.filter(
        (violation) =>
          (!customer || violation.customer === customer) && (!payment || violation.payment === payment),
      ),
  };
}
