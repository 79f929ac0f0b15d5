const SECRET_HEADERS = new Set(['authorization', 'x-authorization', 'cookie', 'set-cookie']);
const SECRET_FIELDS =
  /("(?:accessToken|refreshToken|access_token|client_secret|sessionId|data)"\s*:\s*")((?:[^"\\]|\\.)*)/g;
const JOSE = /eyJ[\w-]{6,}(?:\.[\w-]*)*/g;
const SHOWN_CHARACTERS = 8;

/** `eyJhbGci…(1502)`. A JOSE token begins with its public header; of any other secret nothing is shown but its length. */
export const mask = (secret: string): string =>
  `${secret.startsWith('eyJ') ? secret.slice(0, SHOWN_CHARACTERS) : ''}…(${secret.length})`;

const maskHeader = (value: string) => {
  const [, scheme = '', secret = ''] = /^(Bearer |Basic )?([\s\S]*)$/i.exec(value) ?? [];
  return scheme + mask(secret);
};

/** `text` without tokens, secret fields and the `known` secrets. */
export function maskText(text: string, known: readonly string[]): string {
  let masked = text
    .replace(SECRET_FIELDS, (_, before: string, secret: string) => before + mask(secret))
    .replace(JOSE, mask);
  for (const secret of known) {
    if (secret) masked = masked.replaceAll(secret, mask(secret));
  }
  return masked;
}

export function maskHeaders(
  headers: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value = '']) => [
      name,
      SECRET_HEADERS.has(name) ? maskHeader(value) : maskText(value, known),
    ]),
  );
}
