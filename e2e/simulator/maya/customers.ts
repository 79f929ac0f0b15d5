import { z } from 'zod';
import { Mistake } from './mistake.ts';
import type { ProfileClaims } from './reply.ts';

export type Customer = {
  id: string;
  name: string;
  balanceCentavos: number;
  kyc: 'verified' | 'none';
  age?: number | undefined;
  /** Whether the customer has agreed to share data with the merchant. */
  consent: boolean;
};

const MAX_BALANCE_CENTAVOS = 999_999_999_999;
const NEW_BALANCE_CENTAVOS = 500_000;

const edit = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be 1 to 40 small letters, digits or hyphens')
    .optional(),
  name: z.string().trim().min(1).max(80).optional(),
  balanceCentavos: z.int().min(0).max(MAX_BALANCE_CENTAVOS).optional(),
  kyc: z.enum(['verified', 'none']).optional(),
  age: z.int().min(0).max(150).optional(),
  consent: z.boolean().optional(),
});

const atStart = (): Customer[] => [
  { id: 'maria', name: 'Maria Santos', balanceCentavos: 500_000, kyc: 'verified', consent: true },
  { id: 'jose', name: 'Jose Rizalino Cruz', balanceCentavos: 15_000, kyc: 'verified', consent: true },
];

export type Customers = ReturnType<typeof createCustomers>;

/** The people with a Maya app. Each id is one phone, one wallet and one row of scenarios. */
export function createCustomers() {
  const byId = new Map(atStart().map((customer) => [customer.id, customer]));
  let made = 0;

  const get = (id: string): Customer => {
    const customer = byId.get(id);
    if (customer) return customer;
    throw new Mistake(
      404,
      'unknown_customer',
      `There is no customer "${id}".`,
      `Use one of ${[...byId.keys()].join(', ')}, or make one: POST /_sim/customers {"id": "${/^[a-z0-9-]{1,40}$/.test(id) ? id : 'ana'}"}.`,
    );
  };

  const unusedId = (): string => {
    made += 1;
    const id = `customer-${made}`;
    return byId.has(id) ? unusedId() : id;
  };

  return {
    get,
    list: (): Customer[] => [...byId.values()],

    /** Edits the customer of that id, or makes one. Setting a balance is no debit: the ledger stays as it is. */
    save(input: unknown): Customer {
      const parsed = edit.safeParse(input);
      if (!parsed.success) {
        throw new Mistake(
          400,
          'invalid_customer',
          z.prettifyError(parsed.error),
          'Send {"id", "name", "balanceCentavos", "kyc": "verified" | "none", "age", "consent"}, all optional.',
        );
      }
      const id = parsed.data.id ?? unusedId();
      const before = byId.get(id) ?? {
        name: `Customer ${id}`,
        balanceCentavos: NEW_BALANCE_CENTAVOS,
        kyc: 'verified' as const,
        consent: true,
      };
      const known = byId.get(id);
      const after = { ...before, ...parsed.data, id };
      if (known) return Object.assign(known, after);
      byId.set(id, after);
      return after;
    },
  };
}

/** `sub` follows from the id alone, so that it outlives resets and restarts, as a customer's id at Maya would. */
export const profileOf = (customer: Customer): ProfileClaims => ({
  sub: `maya-customer-${customer.id}`,
  name: customer.name,
  kycStatus: customer.kyc === 'verified' ? 'VERIFIED' : 'NONE',
});
