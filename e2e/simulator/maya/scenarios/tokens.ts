import { oauthError, serverError } from '../answers.ts';
import type { Scenario } from './scenario.ts';

const common = { group: 'tokens', scope: 'customer', calls: 1 } as const;
const rejectedAtCreate = { ...common, touches: ['create'], rejects: 'access-token' } as const;

/** Tokens end before their time. A call that is refused for its token does nothing else. */
export const tokenScenarios = [
  {
    ...rejectedAtCreate,
    name: 'token-expired-create',
    title: 'Customer token expired at create',
    what: 'Create answers 401 invalid_token and that access token is dead; the app refreshes and the payment goes through.',
  },
  {
    ...rejectedAtCreate,
    name: 'token-expired-execute',
    title: 'Customer token expired at execute',
    what: 'Execute answers 401 invalid_token without touching the wallet; the app refreshes and repeats the same id.',
    touches: ['execute'],
  },
  {
    ...rejectedAtCreate,
    name: 'refresh-refused',
    title: 'Refresh refused',
    what: 'Create answers 401 invalid_token and every refresh 400 from then on; nothing is debited, and the app asks to be opened again from Maya.',
    refresh: 'refused',
  },
  {
    ...rejectedAtCreate,
    name: 'refresh-answer-lost',
    title: 'Refresh: answer lost',
    what: 'Create answers 401 invalid_token, the refresh rotates the tokens and is never answered; the old refresh token is then refused, and the app asks to be opened again from Maya.',
    refresh: 'answer-lost',
  },
  {
    ...rejectedAtCreate,
    name: 'refresh-slow',
    title: 'Refresh: slow',
    what: 'Create answers 401 invalid_token and the refresh takes 3 s (slowMs); the app waits, refreshes once, and the payment goes through.',
    refresh: 'slow',
  },
  {
    ...rejectedAtCreate,
    name: 'refresh-family-revoked',
    title: 'Refresh: answer lost, reuse revokes all',
    what: 'As an answer lost, and the second use of the old refresh token also kills the newest tokens; the app asks to be opened again from Maya.',
    refresh: 'revoked-by-reuse',
  },
  {
    ...common,
    name: 'client-token-rejected',
    title: 'Client token rejected',
    what: "The customer's next call answers 401 invalid_client and that client token is dead; the app gets another one and the payment goes through.",
    touches: ['create', 'execute', 'profile', 'refresh'],
    rejects: 'client-token',
  },
  {
    ...common,
    name: 'oauth-down',
    title: 'Maya Connect is down',
    what: 'For everyone: all client tokens are dead and the token endpoint answers 503; nothing is debited, and the app shows "Payment failed" or pays once it is back.',
    scope: 'everyone',
    calls: 2,
    touches: ['client-token'],
    endsClientTokens: true,
    instead: () => oauthError(503, 'temporarily_unavailable', 'The authorization server is unavailable.'),
  },
  {
    ...common,
    name: 'profile-down',
    title: 'Profile is down',
    what: 'GET /profile answers 500; the customer must not notice, and payments go through.',
    calls: 'always',
    touches: ['profile'],
    instead: serverError,
  },
] as const satisfies readonly Scenario[];
