import type { EcommpayRequest } from '../request.ts';
import { type JsonObject, readJson } from '../signature/json-tree.ts';
import { isSignedWith, signatureIn } from '../signature/sign.ts';
import { checkSemicolons, type Problem } from './inspection.ts';

/** What holds for every request to Gate and to the Data API: JSON both ways, read strictly, and signed. */

const JSON_TYPE = /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i;

function checkHeaders({ headers }: EcommpayRequest): Problem[] {
  const problems: Problem[] = [];
  if (!JSON_TYPE.test(headers['content-type'] ?? '')) {
    problems.push({ kind: 'content-type', code: 702, detail: 'Content-Type must be application/json' });
  }
  if (!/(^|[,\s])application\/json\b/i.test(headers.accept ?? '')) {
    problems.push({ kind: 'accept', code: 702, detail: 'Accept: application/json is required' });
  }
  const offered = (headers['accept-encoding'] ?? '').split(',').map((part) => part.replaceAll(/\s/g, ''));
  // A fault in Node's Brotli decoder is the reason that nobody here may offer `br`.
  if (offered.some((part) => /^(br|\*)(;q=(?!0(\.0*)?$).*)?$/i.test(part))) {
    problems.push({ kind: 'accept-encoding', code: 702, detail: 'Accept-Encoding must not offer br' });
  }
  return problems;
}

export type ReadRequest = { tree?: JsonObject; problems: Problem[] };

/** The body, if it is one, and what is wrong with it and the headers. The signature is not among that yet. */
export function readRequest(request: EcommpayRequest): ReadRequest {
  const problems = checkHeaders(request);
  const { value, duplicates = [] } = readJson(request.body);
  if (!(value instanceof Map)) {
    problems.push({ kind: 'body-malformed', code: 2003, detail: 'The body must be a JSON object' });
    return { problems };
  }
  for (const key of duplicates) {
    problems.push({ kind: 'duplicate-key', code: 2003, detail: `The key ${key} comes twice` });
  }
  return { tree: value, problems: [...problems, ...checkSemicolons(value)] };
}

export function checkSignature(tree: JsonObject, secret: string): Problem[] {
  if (signatureIn(tree) === '') {
    return [{ kind: 'signature-missing', code: 3262, detail: 'There is no signature' }];
  }
  if (isSignedWith(tree, secret)) return [];
  return [{ kind: 'signature-invalid', code: 3261, detail: 'The signature is not of this body' }];
}
