import { type Family, markDelivered, type TokenPair } from './customer-tokens.ts';
import type { Customer } from './customers.ts';
import { randomUuid } from './randomness.ts';
import type { World } from './world.ts';

/**
 * The hand-off: what Maya sends to the merchant's Session URL when a customer taps the tile, and how it reads the answer
 * (https://developers.maya.ph/reference/session-url-api-contract).
 */

/** The simulator's own choice: Maya says that it checks the age, not which. */
const ADULT_YEARS = 18;
const SESSION_ID_LENGTH = 255;
const URL_SAFE = /^[A-Za-z0-9._~-]+$/;

export type SessionUrlCall = {
  /** To be given back with the answer. */
  number: number;
  url: string;
  headers: Record<string, string>;
  body: string;
};

export type SessionUrlAnswer =
  | { kind: 'answer'; status: number; headers: Record<string, string>; body: string }
  | { kind: 'timeout' }
  | { kind: 'unreachable'; detail: string };

export type LaunchRefusal =
  | 'kyc'
  | 'age'
  | 'consent'
  | 'timeout'
  | 'unreachable'
  | 'status'
  | 'not-json'
  | 'no-session-id'
  | 'session-id-too-long'
  | 'session-id-not-url-safe';

export type LaunchResult =
  | { ok: true; landingUrl: string; sessionId: string; status: number; tookMs: number }
  | { ok: false; status: number | null; reason: LaunchRefusal; detail: string; tookMs: number };

/** What keeps Maya from opening the app before anything is sent. */
export function launchObstacle(customer: Customer): LaunchResult | undefined {
  const refuse = (reason: LaunchRefusal, detail: string): LaunchResult => ({
    ok: false,
    status: null,
    reason,
    detail,
    tookMs: 0,
  });
  if (customer.kyc !== 'verified') return refuse('kyc', 'Maya asks this customer to be verified first.');
  if (customer.age !== undefined && customer.age < ADULT_YEARS) {
    return refuse('age', `Maya opens this app for customers of ${ADULT_YEARS} years or more.`);
  }
  if (!customer.consent)
    return refuse('consent', 'This customer has not agreed to share data with the merchant.');
  return undefined;
}

/** The call for a new session of `customer`, with new tokens. */
export function sessionUrlCall(
  world: World,
  customer: Customer,
  number: number,
): { call: SessionUrlCall; tokens: TokenPair } {
  const { settings } = world;
  const tokens = world.customerTokens.open(customer.id, world.now(), settings.accessTokenSeconds);
  const expiry = tokens.expiresAt * (settings.expiresAtUnit === 'milliseconds' ? 1_000 : 1);
  const reference = randomUuid(world.random);
  world.references.set(reference, number);

  const call: SessionUrlCall = {
    number,
    url: world.app.sessionUrl,
    headers: { 'content-type': 'application/json', 'request-reference-no': reference },
    body: JSON.stringify({
      accessToken: tokens.accessToken,
      refreshToken: tokens.refreshToken,
      [settings.expiresAtField]: expiry,
    }),
  };
  world.log.open({
    number,
    at: world.now(),
    direction: 'to-app',
    call: 'session',
    method: 'POST',
    path: new URL(call.url).pathname,
    customer: customer.id,
    requestReferenceNumber: reference,
    scenario: null,
    headers: call.headers,
    body: call.body,
  });
  return { call, tokens };
}

/** Reads the Session URL's answer, and reports what the merchant's server got wrong in it. */
export function readSessionUrlAnswer(
  world: World,
  started: { number: number; at: number; customer: Customer; family: Family },
  answer: SessionUrlAnswer,
): LaunchResult {
  const { number, customer, family } = started;
  const tookMs = world.now() - started.at;
  const status = answer.kind === 'answer' ? answer.status : null;
  const refuse = (reason: LaunchRefusal, detail: string): LaunchResult => ({
    ok: false,
    status,
    reason,
    detail,
    tookMs,
  });
  const report = (kind: 'session-id' | 'session-id-reused', detail: string) =>
    world.violations.add({ at: world.now(), kind, call: 'session', detail, customer: customer.id, number });

  world.log.answer(number, answer);
  world.log.end(number, world.now(), answer.kind === 'answer');
  if (answer.kind === 'timeout') return refuse('timeout', 'The Session URL did not answer in time.');
  if (answer.kind === 'unreachable') return refuse('unreachable', answer.detail);
  if (answer.status < 200 || answer.status > 299) {
    return refuse('status', `The Session URL answered ${answer.status}.`);
  }
  markDelivered(family, 1, world.now());

  const read = readSessionId(answer.body);
  if ('reason' in read) {
    report('session-id', read.detail);
    return refuse(read.reason, read.detail);
  }
  const { sessionId } = read;
  if (world.sessionIds.has(sessionId))
    report('session-id-reused', 'The Session URL gave the same sessionId twice');
  world.sessionIds.add(sessionId);

  const landing = new URL(world.app.landingUrl);
  landing.searchParams.set('sessionId', sessionId);
  return { ok: true, landingUrl: landing.href, sessionId, status: answer.status, tookMs };
}

function readSessionId(body: string): { sessionId: string } | { reason: LaunchRefusal; detail: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return { reason: 'not-json', detail: 'The Session URL answered something that is not JSON.' };
  }
  const sessionId =
    typeof parsed === 'object' && parsed !== null && 'sessionId' in parsed ? parsed.sessionId : undefined;
  if (typeof sessionId !== 'string' || sessionId === '') {
    return { reason: 'no-session-id', detail: 'The answer has no text in "sessionId".' };
  }
  if (sessionId.length > SESSION_ID_LENGTH) {
    return {
      reason: 'session-id-too-long',
      detail: `The sessionId has ${sessionId.length} characters; ${SESSION_ID_LENGTH} are allowed.`,
    };
  }
  if (!URL_SAFE.test(sessionId)) {
    return {
      reason: 'session-id-not-url-safe',
      detail: 'The sessionId has characters that are not URL-safe.',
    };
  }
  return { sessionId };
}
