/**
 * PHP's natural order (`strnatcmp`): runs of digits compare as numbers, or digit by digit where one begins with 0; white space is
 * skipped; everything else by bytes. ECommPay's PHP library sorts the lines to sign this way.
 */
export function naturalOrder(left: string, right: string): number {
  const a = new Reader(left);
  const b = new Reader(right);
  if (a.isOver || b.isOver) return Number(b.isOver) - Number(a.isOver);
  for (;;) {
    a.skipSpace();
    b.skipSpace();
    if (a.isDigit && b.isDigit) {
      const order = a.byte === ZERO || b.byte === ZERO ? byDigits(a, b) : byValue(a, b);
      if (order !== 0) return order;
      if (a.isOver || b.isOver) return Number(b.isOver) - Number(a.isOver);
    }
    if (a.byte !== b.byte) return a.byte < b.byte ? -1 : 1;
    a.next();
    b.next();
    if (a.isOver || b.isOver) return Number(b.isOver) - Number(a.isOver);
  }
}

const ZERO = 0x30;
const NINE = 0x39;
const END = -1;

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(text: string) {
    this.#bytes = Buffer.from(text, 'utf8');
    while (this.byte === ZERO && isDigit(this.#bytes[1 + this.#at])) this.#at += 1;
  }

  get byte(): number {
    return this.#bytes[this.#at] ?? END;
  }
  get isOver(): boolean {
    return this.#at >= this.#bytes.length;
  }
  get isDigit(): boolean {
    return isDigit(this.byte);
  }
  next(): void {
    this.#at += 1;
  }
  skipSpace(): void {
    while (this.byte === 0x20 || (this.byte >= 0x09 && this.byte <= 0x0d)) this.#at += 1;
  }
}

const isDigit = (byte: number | undefined) => byte !== undefined && byte >= ZERO && byte <= NINE;

/** The longer run is the greater; of equally long ones the first difference decides. */
function byValue(a: Reader, b: Reader): number {
  let bias = 0;
  for (;;) {
    if (!a.isDigit && !b.isDigit) return bias;
    if (!a.isDigit) return -1;
    if (!b.isDigit) return 1;
    if (bias === 0 && a.byte !== b.byte) bias = a.byte < b.byte ? -1 : 1;
    a.next();
    b.next();
  }
}

function byDigits(a: Reader, b: Reader): number {
  for (;;) {
    if (!a.isDigit && !b.isDigit) return 0;
    if (!a.isDigit) return -1;
    if (!b.isDigit) return 1;
    if (a.byte !== b.byte) return a.byte < b.byte ? -1 : 1;
    a.next();
    b.next();
  }
}
