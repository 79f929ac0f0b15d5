import { json, type Outcome } from './reply.ts';

/**
 * Maya's refusals. Codes and messages are the documented ones (https://developers.maya.ph/docs/errors,
 * …/reference/payment-related-errors, …/reference/oauth-20-authentication-errors). Where Maya documents no HTTP status
 * or body for mini apps, the likeliest is taken: `{ code, message }` for the API and RFC 6749 for Maya Connect.
 */

export const invalidParameter = (field: string, description: string): Outcome =>
  json(400, {
    code: '2553',
    message: 'Missing/invalid parameters.',
    parameters: [{ field, description }],
  });

export const invalidJson = (): Outcome => json(400, { code: 'PY0064', message: 'Invalid JSON.' });

export const currencyNotSupported = (): Outcome =>
  json(400, { code: 'PY0037', message: 'Currency is not supported.' });

export const merchantNotFound = (): Outcome =>
  json(404, { code: 'PY0017', message: 'Merchant not found or misconfigured.' });

export const forbidden = (): Outcome => json(403, { code: 'PY0019', message: 'Forbidden for this account.' });

export const paymentDoesNotExist = (): Outcome =>
  json(404, { code: 'PY0009', message: 'Payment does not exist.' });

export const alreadyProcessed = (): Outcome =>
  json(400, { code: 'PY0010', message: 'The payment has already been processed' });

export const insufficientBalance = (): Outcome =>
  json(400, { code: 'PY0105', message: 'The account has insufficient balance.' });

export const declinedByIssuer = (): Outcome =>
  json(400, { code: 'PY0119', message: 'The payment was declined by the issuer.' });

export const limitReached = (): Outcome =>
  json(400, { code: 'PY0123', message: 'The account limit has been reached.' });

/** The customer's token was refused: expired, replaced, or never issued. */
export const invalidCustomerToken = (message = 'The token is invalid or has expired.'): Outcome =>
  json(401, { code: 'invalid_token', message }, { 'www-authenticate': 'Bearer error="invalid_token"' });

/** A refused refresh token. Maya's message repeats the token, which is a trap for logs and is kept. */
export const invalidRefreshToken = (refreshToken: string): Outcome =>
  json(400, { code: 'invalid_token', message: `Invalid refresh token: ${refreshToken}` });

export const invalidClient = (description: string, scheme: 'Basic' | 'Bearer'): Outcome =>
  json(
    401,
    { error: 'invalid_client', error_description: description },
    { 'www-authenticate': `${scheme} realm="Maya Connect"` },
  );

export const oauthError = (status: number, error: string, description: string): Outcome =>
  json(status, { error, error_description: description });

export const serverError = (): Outcome => json(500, { message: 'Internal Server Error' });

export const badGatewayPage = (): Outcome => ({
  kind: 'answer',
  status: 502,
  headers: { 'content-type': 'text/html' },
  body: '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>',
});
