import type { Catalogue, CatalogueItem } from '#lib/shop/catalogue.ts';
import type { Chance } from './chance.ts';

const NAMES = ['kapeng-barako', 'sagada-arabica', 'tablea', 'cold-brew', 'pour-over-set'];

/** A catalogue whose prices change while customers look at them. */
export class Prices {
  readonly #chance: Chance;
  readonly #items: CatalogueItem[];

  constructor(chance: Chance) {
    this.#chance = chance;
    this.#items = NAMES.map((id) => ({
      id,
      name: { en: id, fil: id },
      description: { en: id, fil: id },
      section: { en: 'All', fil: 'Lahat' },
      picture: '',
      options: [],
      priceCentavos: this.#price(),
    }));
  }

  #price = (): number => this.#chance.between(5_000, 150_000);

  change(): void {
    const item = this.#chance.pick(this.#items);
    if (item) item.priceCentavos = this.#price();
  }

  anyItem = (): string => this.#chance.pick(NAMES) ?? '';

  readonly catalogue: Catalogue = {
    list: async () => this.#items.map((item) => ({ ...item })),
    find: async (id) => {
      const found = this.#items.find((item) => item.id === id);
      return found ? { ...found } : null;
    },
  };
}
