import type { Text } from '../base/locale.ts';

/**
 * What is for sale: the part a merchant replaces first. `Catalogue` is all that the rest of the shop knows of it; a
 * merchant's own may read a file, a database or a service, as long as prices are whole centavos.
 */
export type Catalogue = {
  list(): Promise<CatalogueItem[]>;
  find(id: string): Promise<CatalogueItem | null>;
};

export type CatalogueItem = {
  /** Stands in carts and orders; never changes for the same thing. */
  id: string;
  name: Text;
  description: Text;
  /** The heading it stands under, in the order in which sections first appear. */
  section: Text;
  /** A picture under `public/`. */
  picture: string;
  /** Without options. Not used where the customer says the amount. */
  priceCentavos: number;
  /** One choice of each is taken; the first one where the customer says nothing. */
  options: readonly ItemOption[];
  /** Where the customer says the amount, such as a bill's: its limits, both included. */
  amount?: { minCentavos: number; maxCentavos: number };
};

export type ItemOption = { id: string; name: Text; choices: readonly Choice[] };

export type Choice = { id: string; name: Text; extraCentavos: number };
