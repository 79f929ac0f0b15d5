/** Bounded, so that a long text without one is read in one go. */
const EMAIL = /[\w.+-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/gi;
const SIGNATURE_FIELD = /("(?:signature|token|number|customer_name)"\s*:\s*")((?:[^"\\]|\\.)*)/g;
const SIGNATURE_PARAMETER = /([?&]signature=)([^&\s"]*)/g;

/** `…(88)`: nothing of a secret is shown but its length. */
const mask = (secret: string): string => `…(${secret.length})`;

/** `text` without signatures, tokens, e-mail addresses, wallet numbers and names, and the `known` secrets. */
export function maskText(text: string, known: readonly string[]): string {
  let masked = text
    .replace(SIGNATURE_FIELD, (_, before: string, secret: string) => before + mask(secret))
    .replace(SIGNATURE_PARAMETER, (_, before: string, secret: string) => before + mask(secret))
    .replace(EMAIL, (email) => `…@…(${email.length})`);
  for (const secret of known) if (secret) masked = masked.replaceAll(secret, mask(secret));
  return masked;
}
