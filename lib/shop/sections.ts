import type { CatalogueItem } from './catalogue.ts';

export type Section = { section: CatalogueItem['section']; items: CatalogueItem[] };

/** Items under their headings, both in the order in which they stand in the catalogue. */
export function bySection(items: readonly CatalogueItem[]): Section[] {
  const sections = new Map<string, Section>();
  for (const item of items) {
    const known = sections.get(item.section.en);
    if (known) known.items.push(item);
    else sections.set(item.section.en, { section: item.section, items: [item] });
  }
  return [...sections.values()];
}
