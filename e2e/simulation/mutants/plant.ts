import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A wrong that matters, as an exact change of one file. */
export type Planted = {
  name: string;
  /** From the root of the project. */
  file: string;
  /** Stands in the file once, wherever its lines are broken. */
  text: string;
  replacement: string;
  /** Only a world with the second rail can meet it: the others are passed over. */
  outside?: boolean;
};

const ROOT = new URL('../../../', import.meta.url);

/** The text however it is broken into lines. */
function patternOf(text: string): RegExp {
  const words = text
    .trim()
    .split(/(\s+|(?<=[([{])|(?=[)\]}]))/)
    .map((part) => (/^\s*$/.test(part) ? '\\s*' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  return new RegExp(
    words
      .join('')
      .replace(/(?:\\s\*)+/g, '\\s*')
      .replaceAll('\\s*\\)', ',?\\s*\\)'),
    'g',
  );
}

/** The file with the bug in it. @throws Error where the text is not there exactly once */
export function withBug({ name, file, text, replacement }: Planted): string {
  const source = readFileSync(fileURLToPath(new URL(file, ROOT)), 'utf8');
  const places = [...source.matchAll(patternOf(text))];
  const [place] = places;
  if (!place || places.length !== 1)
    throw new Error(
      `planted bug "${name}": its text stands ${places.length} times in ${file}, not once; the code has moved from under it`,
    );
  return source.slice(0, place.index) + replacement + source.slice(place.index + place[0].length);
}

/** From now on whoever imports the file in this process gets it with the bug; the file itself is never touched. */
export function plantBug(bug: Planted): void {
  const source = withBug(bug);
  const wanted = pathToFileURL(fileURLToPath(new URL(bug.file, ROOT))).href;
  registerHooks({
    load: (url, context, next) => {
      const loaded = next(url, context);
      return url === wanted ? { ...loaded, source } : loaded;
    },
  });
}
