import { walletOf } from '../wallets.ts';
import type { World } from '../world.ts';
import { newest, type Payment } from './payment.ts';

/** Takes the money for the payment's newest operation, or does nothing and says false if it is not there. */
export function debit(world: World, payment: Payment, wallet: string, amountCentavos: number): boolean {
  if (!world.wallets.take(wallet, amountCentavos)) return false;
  const operation = newest(payment);
  world.ledger.debit(payment, operation.id, walletOf(world.wallets, wallet), amountCentavos, world.now());
  operation.sum = { ...operation.sum, amount: amountCentavos };
  operation.converted = { ...operation.sum };
  return true;
}
