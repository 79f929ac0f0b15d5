import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What the policy of a page names so that the build's own style sheets may stand inside the page: on a slow network a
 * sheet of its own costs the first paint a whole round trip, and Next writes no nonce on those.
 *
 * @param folder the build's `static` folder
 * @returns sources for `style-src` (CSP level 3, section 2.3.1); none where there is no build, as in development
 */
export function styleHashes(
  folder = join(/* turbopackIgnore: true */ process.cwd(), '.next/static'),
): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.css'))
      .sort()
      .map((file) => readFileSync(join(/* turbopackIgnore: true */ folder, file)))
      .map((sheet) => `'sha256-${createHash('sha256').update(sheet).digest('base64')}'`);
  } catch {
    return [];
  }
}
