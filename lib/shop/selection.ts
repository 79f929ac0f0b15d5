import { isCentavos } from '../base/money.ts';
import type { OrderLine } from '../orders/order.ts';
import type { CatalogueItem, Choice } from './catalogue.ts';

/** A thing as the customer wants it. */
export type Selection = {
  itemId: string;
  /** Choice by option; an option that is not named takes its first choice. */
  choices?: Readonly<Record<string, string>>;
  /** For things whose amount the customer says. */
  amountCentavos?: number;
};

/** A line without its quantity. */
export type Priced = Omit<OrderLine, 'quantity'>;

/**
 * What a selection is called and costs today.
 *
 * @returns `null` where it can't be had: an unknown option or choice, or an amount outside the item's limits
 */
export function priceSelection(item: CatalogueItem, selection: Selection): Priced | null {
  const chosen = chooseAll(item, selection.choices ?? {});
  if (!chosen) return null;
  const base = baseCentavos(item, selection.amountCentavos);
  if (base === null) return null;
  const detail = (locale: 'en' | 'fil') => chosen.map((choice) => choice.name[locale]).join(', ');
  return {
    itemId: item.id,
    name: item.name.en,
    unitCentavos: base + chosen.reduce((sum, choice) => sum + choice.extraCentavos, 0),
    ...(chosen.length > 0 ? { detail: detail('en') } : {}),
    inFilipino: { name: item.name.fil, ...(chosen.length > 0 ? { detail: detail('fil') } : {}) },
  };
}

/** Names what makes two selections the same line of a cart. A bill is one line whatever its amount. */
export function lineKey(item: CatalogueItem, { choices = {} }: Selection): string {
  const parts = item.options.map(
    (option) => `${option.id}-${choices[option.id] ?? option.choices[0]?.id ?? ''}`,
  );
  return [item.id, ...parts].join('.');
}

function chooseAll(item: CatalogueItem, wanted: Readonly<Record<string, string>>): Choice[] | null {
  const known = new Set(item.options.map((option) => option.id));
  if (Object.keys(wanted).some((id) => !known.has(id))) return null;
  const chosen: Choice[] = [];
  for (const option of item.options) {
    const id = Object.hasOwn(wanted, option.id) ? wanted[option.id] : option.choices[0]?.id;
    const choice = option.choices.find((candidate) => candidate.id === id);
    if (!choice) return null;
    chosen.push(choice);
  }
  return chosen;
}

function baseCentavos({ amount, priceCentavos }: CatalogueItem, said: number | undefined): number | null {
  if (!amount) return said === undefined ? priceCentavos : null;
  const inLimits = isCentavos(said) && said >= amount.minCentavos && said <= amount.maxCentavos;
  return inLimits ? said : null;
}
