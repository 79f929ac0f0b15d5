import { expect, test } from 'vitest';
import { sampleCatalogue } from './sample-catalogue.ts';
import { bySection } from './sections.ts';

test('every item stands under its heading once, in the catalogue’s order', async () => {
  const items = await sampleCatalogue.list();
  const sections = bySection([...items].reverse());
  expect(sections.map(({ section }) => section.en)).toEqual([
    'Pay a bill',
    'For your kitchen',
    'Baked today',
    'Drinks',
    'Beans',
  ]);
  expect(sections.flatMap(({ items: of }) => of)).toHaveLength(items.length);
  for (const { section, items: of } of sections)
    expect(of.every((item) => item.section.en === section.en)).toBe(true);
});
