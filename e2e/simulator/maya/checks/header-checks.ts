import { invalidClient, invalidCustomerToken, invalidParameter, oauthError } from '../answers.ts';
import type { Problem } from '../calls/call.ts';
import type { MayaRequest } from '../request.ts';
import { JWE_SHAPE, JWS_SHAPE } from '../token-shapes.ts';

/** Headers as Maya's reference requires them for each call; each check gives the problems it finds. */

const JSON_TYPE = /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i;
const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

export function checkJsonType({ headers }: MayaRequest): Problem[] {
  const type = headers['content-type'];
  if (type !== undefined && JSON_TYPE.test(type)) return [];
  const detail = type === undefined ? 'Content-Type is missing' : `Content-Type is ${type}`;
  return [
    {
      kind: 'content-type',
      detail: `${detail}; it must be application/json`,
      answer: invalidParameter('Content-Type', 'must be application/json'),
    },
  ];
}

export function checkAccept({ headers }: MayaRequest): Problem[] {
  if (/(^|[,\s])application\/json\b/i.test(headers.accept ?? '')) return [];
  return [
    {
      kind: 'accept',
      detail: 'Accept: application/json is required',
      answer: invalidParameter('Accept', 'must be application/json'),
    },
  ];
}

/** A fault in Node's Brotli decoder is the reason that nobody here may offer `br`. */
export function checkAcceptEncoding({ headers }: MayaRequest, oauth = false): Problem[] {
  const offered = (headers['accept-encoding'] ?? '').split(',').map((part) => part.replaceAll(/\s/g, ''));
  if (!offered.some((part) => /^(br|\*)(;q=(?!0(\.0*)?$).*)?$/i.test(part))) return [];
  const description = 'must not offer br';
  return [
    {
      kind: 'accept-encoding',
      detail: `Accept-Encoding ${description}`,
      answer: oauth
        ? oauthError(400, 'invalid_request', `Accept-Encoding ${description}`)
        : invalidParameter('Accept-Encoding', description),
    },
  ];
}

/** `seen` is every reference so far; the one in this request joins it. */
export function checkReference(
  { headers }: MayaRequest,
  number: number,
  seen: Map<string, number>,
): Problem[] {
  const field = 'Request-Reference-No';
  const reference = headers['request-reference-no'];
  if (!reference) {
    return [
      {
        kind: 'reference-missing',
        detail: `${field} is missing`,
        answer: invalidParameter(field, 'is required'),
      },
    ];
  }
  if (!UUID_V4.test(reference)) {
    const detail = 'must be a UUIDv4';
    return [
      { kind: 'reference-not-uuid4', detail: `${field} ${detail}`, answer: invalidParameter(field, detail) },
    ];
  }
  const key = reference.toLowerCase();
  const first = seen.get(key);
  if (first === undefined) {
    seen.set(key, number);
    return [];
  }
  return [
    {
      kind: 'reference-reused',
      detail: `${field} ${reference} was used by call ${first} before`,
      answer: invalidParameter(field, 'must be unique'),
    },
  ];
}

export function checkAuthorization({ headers }: MayaRequest): Problem[] {
  const value = headers.authorization;
  if (!value) {
    const detail = 'Authorization is missing';
    return [{ kind: 'authorization-missing', detail, answer: invalidClient(detail, 'Bearer') }];
  }
  if (value.startsWith('Bearer ') && JWS_SHAPE.test(value.slice('Bearer '.length))) return [];
  const detail = 'Authorization must be "Bearer " and a client token, a JWS of three parts';
  return [{ kind: 'authorization-malformed', detail, answer: invalidClient(detail, 'Bearer') }];
}

export function checkCustomerToken({ headers }: MayaRequest): Problem[] {
  const value = headers['x-authorization'];
  if (!value) {
    const detail = 'X-Authorization is missing';
    return [{ kind: 'x-authorization-missing', detail, answer: invalidCustomerToken(detail) }];
  }
  if (/^bearer\b/i.test(value)) {
    const detail = 'X-Authorization must be the customer token alone, without "Bearer "';
    return [{ kind: 'x-authorization-prefix', detail, answer: invalidCustomerToken(detail) }];
  }
  if (JWE_SHAPE.test(value)) return [];
  const detail = 'X-Authorization must be a customer token, a JWE of five parts';
  return [{ kind: 'x-authorization-malformed', detail, answer: invalidCustomerToken(detail) }];
}

export function checkNoCustomerToken({ headers }: MayaRequest): Problem[] {
  if (headers['x-authorization'] === undefined) return [];
  return [
    {
      kind: 'x-authorization-unexpected',
      detail: 'X-Authorization does not belong to this call',
      answer: invalidParameter('X-Authorization', 'is not allowed here'),
    },
  ];
}
