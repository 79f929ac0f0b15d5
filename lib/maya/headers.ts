import type { CallTokens, MayaSettings } from './api.ts';

/**
 * Headers of the Mini App calls (contract 3). `Content-Type` is required even on `GET /profile`. No Brotli: the Node
 * that production still has decodes it wrongly.
 */
export function callHeaders(reference: string, clientToken: string): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    Accept: 'application/json',
    'Accept-Encoding': 'gzip, deflate',
    'Request-Reference-No': reference,
    Authorization: `Bearer ${clientToken}`,
  };
}

/** The same with the customer's token, for create, execute and profile. */
export function customerHeaders(
  settings: Pick<MayaSettings, 'xAuthorizationPrefix'>,
  reference: string,
  tokens: CallTokens,
): Record<string, string> {
  return {
    ...callHeaders(reference, tokens.client),
    'X-Authorization': settings.xAuthorizationPrefix + tokens.customer,
  };
}
