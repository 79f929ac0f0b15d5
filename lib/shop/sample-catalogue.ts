import type { Text } from '../base/locale.ts';
import type { Catalogue, CatalogueItem, Choice, ItemOption } from './catalogue.ts';

/** The sample catalogue: a coffee roaster with a counter where orders are picked up, and a bill to pay. */

const text = (en: string, fil: string = en): Text => ({ en, fil });
const choice = (id: string, name: Text, extraCentavos = 0): Choice => ({ id, name, extraCentavos });

const BEANS = text('Beans', 'Kape para sa bahay');
const DRINKS = text('Drinks', 'Inumin');
const BAKED = text('Baked today', 'Bagong luto');
const THINGS = text('For your kitchen', 'Para sa kusina');
const BILLS = text('Pay a bill', 'Magbayad ng bill');

const GRIND: ItemOption = {
  id: 'grind',
  name: text('Grind', 'Giling'),
  choices: [
    choice('whole', text('Whole beans', 'Buong butil')),
    choice('press', text('For French press', 'Para sa French press')),
    choice('drip', text('For drip', 'Para sa drip')),
  ],
};

const bag = (half: number): ItemOption => ({
  id: 'size',
  name: text('Size', 'Laki'),
  choices: [choice('250', text('250 g')), choice('500', text('500 g'), half)],
});

const MILK: ItemOption = {
  id: 'milk',
  name: text('Milk', 'Gatas'),
  choices: [
    choice('fresh', text('Fresh milk', 'Sariwang gatas')),
    choice('oat', text('Oat milk', 'Gatas na oat'), 4_500),
  ],
};

const CUP: ItemOption = {
  id: 'cup',
  name: text('Cup', 'Baso'),
  choices: [choice('regular', text('Regular')), choice('large', text('Large', 'Malaki'), 3_000)],
};

const item = (
  id: string,
  section: Text,
  priceCentavos: number,
  name: Text,
  description: Text,
  options: ItemOption[] = [],
): CatalogueItem => ({
  id,
  section,
  priceCentavos,
  name,
  description,
  options,
  picture: `/art/${id}.svg`,
});

const ITEMS: readonly CatalogueItem[] = [
  item(
    'barako',
    BEANS,
    38_500,
    text('Kapeng Barako'),
    text(
      'Liberica from Lipa, Batangas. Dark and bold, with a jackfruit finish.',
      'Liberica mula sa Lipa, Batangas. Matapang, may dulong lasa ng langka.',
    ),
    [bag(34_000), GRIND],
  ),
  item(
    'sagada',
    BEANS,
    46_000,
    text('Sagada Arabica'),
    text(
      'Grown at 1,500 m in the Cordillera. Medium roast: cocoa and orange.',
      'Itinanim sa taas na 1,500 m sa Cordillera. Katamtamang roast: cocoa at kahel.',
    ),
    [bag(42_000), GRIND],
  ),
  item(
    'benguet',
    BEANS,
    52_000,
    text('Benguet Honey'),
    text(
      'Honey process from Atok. Light roast: apricot and brown sugar.',
      'Honey process mula sa Atok. Magaan na roast: aprikot at pulang asukal.',
    ),
    [bag(48_000), GRIND],
  ),
  item(
    'decaf',
    BEANS,
    49_000,
    text('Gabi Decaf'),
    text(
      'For after supper. Washed Arabica from Bukidnon, decaffeinated with water.',
      'Para pagkatapos ng hapunan. Arabica ng Bukidnon, tinanggalan ng caffeine sa tubig.',
    ),
    [bag(45_000), GRIND],
  ),
  item(
    'spanish-latte',
    DRINKS,
    16_500,
    text('Spanish latte'),
    text('Espresso, milk and a little condensada.', 'Espresso, gatas at kaunting kondensada.'),
    [CUP, MILK],
  ),
  item(
    'iced-latte',
    DRINKS,
    15_500,
    text('Iced latte'),
    text('Two shots over cold milk and ice.', 'Dalawang shot sa malamig na gatas at yelo.'),
    [CUP, MILK],
  ),
  item(
    'cold-brew',
    DRINKS,
    29_900,
    text('Cold brew, 1 litre', 'Cold brew, 1 litro'),
    text(
      'Steeped for 18 hours. Keep it cold, drink it within a week.',
      'Ibinabad nang 18 oras. Ilagay sa ref at inumin sa loob ng isang linggo.',
    ),
  ),
  item(
    'tablea-12',
    DRINKS,
    22_050,
    text('Tablea de Davao, 12 pieces', 'Tablea de Davao, 12 piraso'),
    text('Pure cacao for a thick cup of tsokolate.', 'Purong kakaw para sa malapot na tsokolate.'),
  ),
  item(
    'ensaymada',
    BAKED,
    9_500,
    text('Ensaymada'),
    text('Soft brioche, butter and queso de bola.', 'Malambot na tinapay, mantikilya at queso de bola.'),
  ),
  item(
    'pandesal-6',
    BAKED,
    6_000,
    text('Pandesal, 6 pieces', 'Pandesal, 6 na piraso'),
    text('Out of the oven at six and at three.', 'Bagong hango tuwing alas-sais at alas-tres.'),
  ),
  item(
    'pour-over-set',
    THINGS,
    149_950,
    text('Pour-over set'),
    text(
      'Ceramic dripper, glass server and 40 paper filters.',
      'Seramikong dripper, basong server at 40 papel na filter.',
    ),
  ),
  item(
    'mug',
    THINGS,
    42_000,
    text('Stoneware mug', 'Mug na stoneware'),
    text(
      '300 ml, thrown in Ilocos, glazed in two colours.',
      '300 ml, gawang-kamay sa Ilocos, may dalawang kulay.',
    ),
    [
      {
        id: 'glaze',
        name: text('Glaze', 'Kulay'),
        choices: [choice('cream', text('Cream', 'Krema')), choice('sage', text('Sage', 'Luntiang sage'))],
      },
    ],
  ),
  {
    ...item(
      'my-bill',
      BILLS,
      0,
      text('Pay my bill', 'Bayaran ang bill ko'),
      text(
        'For a table, a tab or an invoice: type the amount that stands on it.',
        'Para sa mesa, utang na listahan o invoice: ilagay ang halagang nakasulat.',
      ),
    ),
    amount: { minCentavos: 2_000, maxCentavos: 2_000_000 },
  },
];

export const sampleCatalogue: Catalogue = {
  list: async () => [...ITEMS],
  find: async (id) => ITEMS.find((candidate) => candidate.id === id) ?? null,
};

/** Where orders are picked up, for shop and receipt. */
export const SAMPLE_PICKUP: Text = text(
  '18 Sampaguita Street, Marikina · 7 AM to 8 PM, every day',
  '18 Sampaguita Street, Marikina · 7 AM hanggang 8 PM, araw-araw',
);
