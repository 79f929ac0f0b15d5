import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Bodies of actions are smaller; what is larger is Next's to refuse. */
const MAX_BYTES = 16 * 1_024;

/**
 * Ids of the actions of this build. Next tells them nowhere else.
 *
 * @param file the build's manifest of server actions
 * @returns `null` where there is no build, as in development, or none that can be read: then nothing is known
 */
export function readActionIds(
  file = join(/* turbopackIgnore: true */ process.cwd(), '.next/server/server-reference-manifest.json'),
): ReadonlySet<string> | null {
  try {
    const { node } = JSON.parse(readFileSync(file, 'utf8')) as { node?: object };
    return node && Object.keys(node).length > 0 ? new Set(Object.keys(node)) : null;
  } catch {
    return null;
  }
}

/** A form that a browser sends by itself, before or without JavaScript. */
type SentForm = Pick<Request, 'method' | 'headers' | 'text'>;

/**
 * Whether a form names an action that this build has not: its page is of another build. Next answers that with a line
 * of plain text. Nothing of such a form is carried out.
 */
export async function isOfAnotherBuild(form: SentForm, known: ReadonlySet<string> | null): Promise<boolean> {
  const { headers } = form;
  const isPlainForm =
    form.method === 'POST' &&
    !headers.has('next-action') &&
    (headers.get('content-type') ?? '').startsWith('multipart/form-data');
  const length = headers.get('content-length');
  if (!known || !isPlainForm || length === null || Number(length) > MAX_BYTES) return false;
  const named = [
    ...(await form.text()).matchAll(/^Content-Disposition: form-data; name="\$ACTION_ID_(\w+)"/gim),
  ];
  return named.some(([, id = '']) => !known.has(id));
}
