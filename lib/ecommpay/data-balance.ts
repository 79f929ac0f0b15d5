import { z } from 'zod';
import type { EcommpayApi } from './api.ts';
import { callDataApi, type NoData } from './data-call.ts';

/**
 * Balances that payouts draw on (contract 10). The unit of the sums is not documented, so they are shown as they came
 * and never calculated with.
 */
export type Balance =
  | NoData
  | { kind: 'balance'; accounts: { name: string; sums: Record<string, string> }[] };

const schema = z.array(
  z
    .object({ name: z.string() })
    .catchall(z.union([z.string(), z.number(), z.bigint()]).transform(String))
    .transform(({ name, ...sums }) => ({ name, sums: sums as Record<string, string> })),
);

/** `POST /balance/get` */
export function getBalance(api: EcommpayApi): Promise<Balance> {
  return callDataApi(api, 'balance', '/balance/get', {}, (value): Balance | null => {
    const parsed = schema.safeParse(value.balance);
    return parsed.success ? { kind: 'balance', accounts: parsed.data } : null;
  });
}
