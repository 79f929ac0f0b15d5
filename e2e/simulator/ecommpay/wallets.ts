import { Mistake } from '../maya/mistake.ts';

export type Wallet = { id: string; name: string; balanceCentavos: number };

/** The wallets that customers approve with. In the whole simulator they are those of the simulated Maya. */
export type Wallets = {
  list(): readonly Wallet[];
  /** Takes the money, or does nothing and says false if it is not there. */
  take(id: string, amountCentavos: number): boolean;
};

export function walletOf(wallets: Wallets, id: string): Wallet {
  const found = wallets.list().find((wallet) => wallet.id === id);
  if (found) return found;
  throw new Mistake(
    404,
    'unknown_wallet',
    `There is no wallet "${id}".`,
    `Use one of ${wallets
      .list()
      .map((wallet) => wallet.id)
      .join(', ')}.`,
  );
}

/** Wallets of their own, for a model without Maya. */
export function createWallets(): Wallets {
  const wallets: Wallet[] = [
    { id: 'maria', name: 'Maria Santos', balanceCentavos: 500_000 },
    { id: 'jose', name: 'Jose Rizalino Cruz', balanceCentavos: 15_000 },
  ];
  return {
    list: () => wallets,
    take(id, amountCentavos) {
      const wallet = wallets.find((one) => one.id === id);
      if (!wallet || wallet.balanceCentavos < amountCentavos) return false;
      wallet.balanceCentavos -= amountCentavos;
      return true;
    },
  };
}
