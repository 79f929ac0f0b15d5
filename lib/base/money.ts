/**
 * Money is integer centavos everywhere inside. It becomes a decimal number only at Maya's border
 * (contract 10: `amount.value`, a JSON number), and text only where people read it.
 */

/** PHP is the only currency of this rail (contract 10). */
export const CURRENCY = 'PHP';

/** Far above any wallet's limit, and far below where a double loses a centavo. */
const MAX_CENTAVOS = 999_999_999_999;

/** @returns the decimal number for Maya's `amount.value`: at most two decimals when printed as JSON. */
export function centavosToDecimal(centavos: number): number {
  if (!isCentavos(centavos)) throw new RangeError('not an amount in centavos');
  return centavos / 100;
}

/** Whether `value` is a whole, non-negative number of centavos within what doubles hold exactly. */
export function isCentavos(value: unknown): value is number {
  return (
    Number.isInteger(value) &&
    !Object.is(value, -0) &&
    (value as number) >= 0 &&
    (value as number) <= MAX_CENTAVOS
  );
}

const DECIMAL = /^(0|[1-9]\d{0,9})(?:\.(\d{1,20}))?$/;

/**
 * Reads an amount that Maya echoes: a number or numeric text, decimal notation (contract 10).
 *
 * @returns centavos, or `null` for anything that is not a whole number of centavos (NaN, 1e21, −0.01, 1.005, "")
 */
export function decimalToCentavos(value: unknown): number | null {
  if (typeof value !== 'number' && typeof value !== 'string') return null;
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) return null;
  const match = DECIMAL.exec(String(value).trim());
  if (!match) return null;
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  if (fraction.length > 2) return null;
  const centavos = Number(match[1]) * 100 + Number(fraction.padEnd(2, '0'));
  return isCentavos(centavos) ? centavos : null;
}

/** `₱1,499.50`, as people in the Philippines write it, whatever the language of the page. */
export function formatPesos(centavos: number): string {
  return new Intl.NumberFormat('en-PH', { style: 'currency', currency: CURRENCY }).format(centavos / 100);
}
