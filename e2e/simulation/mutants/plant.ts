import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A wrong that matters, as an exact change of one file. */
export type Planted = {
  name: string;
  /** From the root of the project. */
  file: string;
  /** Stands in the file once. */
  text: string;
  replacement: string;
};

const ROOT = new URL('../../../', import.meta.url);

/** The file with the bug in it. @throws Error where the text is not there exactly once */
export function withBug({ name, file, text, replacement }: Planted): string {
  const source = readFileSync(fileURLToPath(new URL(file, ROOT)), 'utf8');
  const found = source.split(text).length - 1;
  if (found !== 1)
    throw new Error(`planted bug "${name}": its text stands ${found} times in ${file}, not once`);
  return source.replace(text, () => replacement);
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
