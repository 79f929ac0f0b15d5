/**
 * Whether a request that changes something comes from a page of ours. Next itself runs an action that is posted
 * without any `Origin`, and compares others with headers that a caller can write; this compares with `APP_URL` only.
 */
export function isOwnRequest(headers: Pick<Headers, 'get'>, appUrl: URL): boolean {
  const origin = headers.get('origin');
  if (origin !== null) return origin === appUrl.origin;
  return headers.get('sec-fetch-site') === 'same-origin';
}

/**
 * The page of ours that a request came from, without what it was told once (`notice`); the shop where that can't be
 * known. Never an address of somebody else.
 */
export function pageOfRequest(headers: Pick<Headers, 'get'>, appUrl: URL): string {
  const referer = headers.get('referer');
  if (referer === null || !URL.canParse(referer)) return '/';
  const page = new URL(referer);
  if (page.origin !== appUrl.origin || page.pathname.startsWith('//')) return '/';
  page.searchParams.delete('notice');
  return page.pathname + page.search;
}
