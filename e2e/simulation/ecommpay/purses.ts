import type { Wallet, Wallets } from '#e2e/simulator/ecommpay/wallets.ts';

/** What customers pay with over ECommPay: a wallet each, under the customer's own name. */
export class Purses implements Wallets {
  readonly #wallets = new Map<string, Wallet>();

  set(id: string, balanceCentavos: number): void {
    this.#wallets.set(id, { id, name: id, balanceCentavos });
  }

  list(): readonly Wallet[] {
    return [...this.#wallets.values()];
  }

  take(id: string, amountCentavos: number): boolean {
    const wallet = this.#wallets.get(id);
    if (!wallet || wallet.balanceCentavos < amountCentavos) return false;
    wallet.balanceCentavos -= amountCentavos;
    return true;
  }
}
