import { invalidClient, oauthError } from '../answers.ts';
import type { Problem } from '../calls/call.ts';
import type { MayaRequest } from '../request.ts';
import type { Credentials } from '../world.ts';
import { asObject } from './json-object.ts';

/** The token request of https://developers.maya.ph/reference/oauth-authentication, as a form or as JSON. */

const OTHER_GRANTS = new Set(['refresh_token', 'password', 'authorization_code']);
const FIELDS = new Set(['grant_type', 'scope']);

export const basicCredentials = ({ clientId, clientSecret }: Credentials): string =>
  Buffer.from(`${clientId}:${clientSecret}`).toString('base64');

export function checkBasicAuthorization({ headers }: MayaRequest, credentials: Credentials): Problem[] {
  const value = headers.authorization;
  const refuse = (kind: Problem['kind'], detail: string): Problem[] => [
    { kind, detail, answer: invalidClient(detail, 'Basic') },
  ];
  if (!value) return refuse('authorization-missing', 'Authorization is missing');
  if (!/^Basic [A-Za-z0-9+/]+={0,2}$/.test(value)) {
    return refuse(
      'authorization-malformed',
      'Authorization must be "Basic " and base64(client id:client secret)',
    );
  }
  if (value.slice('Basic '.length) !== basicCredentials(credentials)) {
    return refuse('client-credentials', 'Client id or client secret is wrong');
  }
  return [];
}

export function checkTokenBody({ headers, body }: MayaRequest): Problem[] {
  const fields = readFields(headers['content-type'] ?? '', body);
  if (!fields) {
    const detail = 'The token request must be application/x-www-form-urlencoded or application/json';
    return [{ kind: 'content-type', detail, answer: oauthError(400, 'invalid_request', detail) }];
  }
  const unknown = Object.keys(fields).filter((field) => !FIELDS.has(field));
  if (unknown.length > 0) {
    const detail = `The token request has unknown fields: ${unknown.join(', ')}`;
    return [{ kind: 'field-unknown', detail, answer: oauthError(400, 'invalid_request', detail) }];
  }
  return checkGrant(fields.grant_type);
}

function readFields(type: string, body: string): Record<string, unknown> | undefined {
  if (/^application\/x-www-form-urlencoded\b/i.test(type))
    return Object.fromEntries(new URLSearchParams(body));
  if (!/^application\/json\b/i.test(type)) return undefined;
  try {
    return asObject(JSON.parse(body)) ?? {};
  } catch {
    return {};
  }
}

function checkGrant(grant: unknown): Problem[] {
  if (grant === 'client_credentials') return [];
  if (grant === undefined || grant === '') {
    const detail = 'Missing grant type';
    return [{ kind: 'grant-type', detail, answer: oauthError(400, 'invalid_request', detail) }];
  }
  const detail = 'grant_type must be client_credentials';
  const answer = OTHER_GRANTS.has(String(grant))
    ? oauthError(401, 'invalid_client', 'Unauthorized grant type')
    : oauthError(400, 'unsupported_grant_type', 'Unsupported grant type');
  return [{ kind: 'grant-type', detail, answer }];
}
