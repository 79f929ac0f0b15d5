/** Messages by key, in groups. */
export type Messages = { [key: string]: string | Messages };

/**
 * What keeps a catalogue from standing in for another: keys that one has and the other has not, texts that are empty,
 * and texts that take other values (`{amount}`).
 *
 * @returns one line each, to read; none where all is well
 */
export function catalogueProblems(model: Messages, other: Messages): string[] {
  const expected = flatten(model);
  const found = flatten(other);
  return [...new Set([...expected.keys(), ...found.keys()])].flatMap((key) => {
    const [here, there] = [expected.get(key), found.get(key)];
    if (here === undefined) return [`${key}: is in no other language`];
    if (there === undefined) return [`${key}: is missing`];
    if (there.trim() === '') return [`${key}: is empty`];
    const [wanted, given] = [valuesOf(here), valuesOf(there)];
    return wanted === given ? [] : [`${key}: takes ${given || 'nothing'} instead of ${wanted || 'nothing'}`];
  });
}

function flatten(messages: Messages, path = ''): Map<string, string> {
  return new Map(
    Object.entries(messages).flatMap(([key, value]): [string, string][] =>
      typeof value === 'string' ? [[path + key, value]] : [...flatten(value, `${path}${key}.`)],
    ),
  );
}

/** Names of the values in a text of ICU's message format, sorted. */
function valuesOf(text: string): string {
  return [...new Set([...text.matchAll(/\{\s*([a-z]\w*)\s*[,}]/gi)].map(([, name]) => name))]
    .sort()
    .join(', ');
}
