import { compactDecrypt, compactVerify, importJWK, type JWK } from 'jose';
import { z } from 'zod';
import { readBody } from '../base/body.ts';
import { errorCode } from '../base/errors.ts';
import type { CallTokens, MayaApi, ProfileJwk, ProfileKeys } from './api.ts';
import { readErrorBody } from './error-body.ts';
import { exchange } from './exchange.ts';
import { customerHeaders } from './headers.ts';

/**
 * What `GET /profile` came to (contract 9). A failing profile never stands in the way of a payment.
 * `customerId` is opaque, the only sound key for "the same customer again".
 */
export type ProfileOutcome =
  | { kind: 'profile'; customerId: string; name: string | undefined }
  | { kind: 'unauthorized'; status: number; code: string | null }
  | { kind: 'unreadable'; reason: string }
  | { kind: 'unclear'; reason: string; status?: number; code?: string | null }
  | { kind: 'lost'; reason: string }
  | { kind: 'not_connected'; reason: string };

const answerSchema = z.looseObject({ data: z.string().min(1).max(65_536) });

/** Claim names were not readable in Maya's pages: these are tried in order, each is optional but the first kind. */
const text = z.string().trim().min(1).max(200).optional().catch(undefined);
const claimsSchema = z.looseObject({
  sub: text,
  customerId: text,
  customer_id: text,
  name: text,
  firstName: text,
  lastName: text,
  given_name: text,
  family_name: text,
});

/** @param keys taken from settings; without them there is no profile to ask for */
export function getProfile(
  api: MayaApi,
  tokens: CallTokens,
  reference: string,
  keys: ProfileKeys,
): Promise<ProfileOutcome> {
  return exchange(
    api,
    {
      name: 'profile',
      method: 'GET',
      url: `${api.settings.apiUrl}/profile`,
      headers: customerHeaders(api.settings, reference, tokens),
      limitMs: api.settings.timeoutMs,
      reference,
    },
    (response) => readProfileAnswer(response, keys),
  );
}

/** Reads a bare response. Never throws. */
export async function readProfileAnswer(response: Response, keys: ProfileKeys): Promise<ProfileOutcome> {
  const body = await readBody(response);
  const { status } = response;
  if (status < 200 || status >= 300) {
    const { code } = readErrorBody(body);
    if (status === 401 || status === 403) return { kind: 'unauthorized', status, code };
    return { kind: 'unclear', reason: `status_${status}`, status, code };
  }
  const parsed = body.kind === 'json' ? answerSchema.safeParse(body.value) : undefined;
  if (!parsed?.success) return { kind: 'unreadable', reason: 'no_data' };
  try {
    return readClaims(await openNestedJwt(parsed.data.data, keys));
  } catch (error) {
    return { kind: 'unreadable', reason: errorCode(error) };
  }
}

/** First decrypts with our key, then verifies with Maya's. Only the algorithms that the keys name are accepted. */
async function openNestedJwt(data: string, keys: ProfileKeys): Promise<unknown> {
  const decryption = keys.decryption.keys;
  const verification = keys.verification.keys;
  const { plaintext } = await withEachKey(decryption, (key) =>
    compactDecrypt(data, key, { keyManagementAlgorithms: decryption.map(({ alg }) => alg) }),
  );
  const signed = new TextDecoder().decode(plaintext);
  const { payload } = await withEachKey(verification, (key) =>
    compactVerify(signed, key, { algorithms: verification.map(({ alg }) => alg) }),
  );
  return JSON.parse(new TextDecoder().decode(payload));
}

type Header = { kid?: string | undefined; alg?: string | undefined };

/** The key that the token's `kid` names first, then every other of its algorithm: while keys change there are two. */
async function withEachKey<T>(
  keys: readonly ProfileJwk[],
  open: (pick: (header: Header) => Promise<CryptoKey | Uint8Array>) => Promise<T>,
): Promise<T> {
  for (let number = 0; ; number += 1) {
    let left = false;
    try {
      return await open(async (header) => {
        const fitting = keys.filter((key) => key.alg === header.alg);
        fitting.sort((a, b) => Number(b.kid === header.kid) - Number(a.kid === header.kid));
        const key = fitting[number];
        if (!key) throw new Error('no key for this algorithm');
        left = number + 1 < fitting.length;
        return importJWK(key as JWK, key.alg);
      });
    } catch (error) {
      if (!left) throw error;
    }
  }
}

function readClaims(payload: unknown): ProfileOutcome {
  const claims = claimsSchema.safeParse(payload);
  if (!claims.success) return { kind: 'unreadable', reason: 'claims' };
  const { sub, customerId, customer_id, name, firstName, lastName, given_name, family_name } = claims.data;
  const id = sub ?? customerId ?? customer_id;
  if (!id) return { kind: 'unreadable', reason: 'no_customer_id' };
  const parts = [firstName ?? given_name, lastName ?? family_name].filter((part) => part !== undefined);
  return { kind: 'profile', customerId: id, name: name ?? (parts.length > 0 ? parts.join(' ') : undefined) };
}
