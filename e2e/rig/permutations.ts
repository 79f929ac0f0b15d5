/** Every order that these can come in. */
export function* permutations<T>(items: readonly T[]): Generator<T[]> {
  if (items.length < 2) yield [...items];
  for (const [index, first] of items.length < 2 ? [] : items.entries())
    for (const rest of permutations(items.toSpliced(index, 1))) yield [first, ...rest];
}
