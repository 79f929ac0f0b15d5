/**
 * What is for sale: the part a merchant replaces first. `catalogue` is all that the rest of the shop knows of it; a
 * merchant's own may read a file, a database or a service, as long as prices are whole centavos.
 */
export type CatalogueItem = {
  /** Stands in carts and orders; never changes for the same thing. */
  id: string;
  name: string;
  description: string;
  priceCentavos: number;
};

export type Catalogue = {
  list(): Promise<CatalogueItem[]>;
  find(id: string): Promise<CatalogueItem | null>;
};

const ITEMS: readonly CatalogueItem[] = [
  {
    id: 'barako-250',
    name: 'Kapeng Barako, 250 g',
    description: 'Liberica from Lipa, Batangas. Dark roast, whole beans.',
    priceCentavos: 38_500,
  },
  {
    id: 'sagada-250',
    name: 'Sagada Arabica, 250 g',
    description: 'Grown at 1,500 m in the Cordillera. Medium roast, whole beans.',
    priceCentavos: 46_000,
  },
  {
    id: 'tablea-12',
    name: 'Tablea de Davao, 12 pieces',
    description: 'Pure cacao for a thick cup of tsokolate.',
    priceCentavos: 22_050,
  },
  {
    id: 'cold-brew',
    name: 'Cold brew, 1 litre',
    description: 'Steeped for 18 hours. Keep it cold, drink it within a week.',
    priceCentavos: 29_900,
  },
  {
    id: 'pour-over-set',
    name: 'Pour-over set',
    description: 'Ceramic dripper, glass server and 40 paper filters.',
    priceCentavos: 149_950,
  },
];

/** The sample catalogue: a coffee roaster. */
export const sampleCatalogue: Catalogue = {
  list: async () => [...ITEMS],
  find: async (id) => ITEMS.find((item) => item.id === id) ?? null,
};
