/**
 * Whether a request that changes something comes from a page of ours. Next itself runs an action that is posted
 * without any `Origin`, and compares others with headers that a caller can write; this compares with `APP_URL` only.
 */
export function isOwnRequest(headers: Pick<Headers, 'get'>, appUrl: URL): boolean {
  const origin = headers.get('origin');
  if (origin !== null) return origin === appUrl.origin;
  return headers.get('sec-fetch-site') === 'same-origin';
}
