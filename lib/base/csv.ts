/** One row of a file, or what is wrong with it. Lines count from 1, and a row stands where it begins. */
export type CsvRecord =
  | { kind: 'row'; line: number; cells: string[] }
  /** `cell` counts from 1. The reason is a sentence for whoever mends the file; it holds nothing of the file. */
  | { kind: 'broken'; line: number; cell: number; reason: string };

const MAX_CELL = 10_000;
const MAX_HEAD = 64 * 1_024;

/**
 * Reads comma separated values as they come (RFC 4180): UTF-8 with or without a byte order mark, lines that end in CRLF
 * or LF, quoted cells with line ends and doubled quotes in them. The first line tells whether `,` or `;` separates.
 * Blank lines are no rows. A broken row is told of, and reading goes on at the next line.
 *
 * @param source chunks, cut anywhere: a file's `createReadStream`, or standard input
 */
export async function* readCsv(source: AsyncIterable<Uint8Array | string>): AsyncGenerator<CsvRecord> {
  const decoder = new TextDecoder('utf-8');
  let head: string | undefined = '';
  let rows: Rows | undefined;
  for await (const chunk of source) {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    if (rows) {
      yield* rows.read(text);
      continue;
    }
    head += text;
    if (head === undefined || (endOfFirstLine(head) < 0 && head.length < MAX_HEAD)) continue;
    rows = new Rows(separatorOf(head));
    yield* rows.read(head);
    head = undefined;
  }
  const rest = decoder.decode();
  rows ??= new Rows(separatorOf(head ?? ''));
  yield* rows.read(`${head ?? ''}${rest}`);
  yield* rows.end();
}

/** Where the first line ends, outside quotes; below 0 where it does not. */
function endOfFirstLine(text: string): number {
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') quoted = !quoted;
    else if (!quoted && (text[at] === '\n' || text[at] === '\r')) return at;
  }
  return -1;
}

function separatorOf(head: string): ',' | ';' {
  const end = endOfFirstLine(head);
  const names = (end < 0 ? head : head.slice(0, end)).replace(/"[^"]*"/g, '');
  const count = (sign: string) => names.split(sign).length;
  return count(';') > count(',') ? ';' : ',';
}

/** Where in a row the reader stands. `skipping`: the row is broken, so up to its line's end. */
type Place = 'begin' | 'plain' | 'quoted' | 'after_quote' | 'skipping';

class Rows {
  readonly #separator: string;
  #place: Place = 'begin';
  #cells: string[] = [];
  #cell = '';
  #line = 1;
  /** Where the row began, and the quote that is open. */
  #rowLine = 1;
  #quoteLine = 1;
  #lastWasCr = false;

  constructor(separator: string) {
    this.#separator = separator;
  }

  *read(text: string): Generator<CsvRecord> {
    for (const sign of text) {
      const isSecondHalf = sign === '\n' && this.#lastWasCr;
      this.#lastWasCr = sign === '\r';
      if (this.#place === 'quoted') {
        if (!isSecondHalf && (sign === '\n' || sign === '\r')) this.#line += 1;
        yield* this.#inQuotes(sign);
      } else if (sign === '\n' || sign === '\r') {
        if (isSecondHalf) continue;
        yield* this.#endOfRow();
        this.#line += 1;
        this.#rowLine = this.#line;
      } else yield* this.#outside(sign);
    }
  }

  *end(): Generator<CsvRecord> {
    if (this.#place === 'quoted') yield this.#broken('a quote opens here and never closes', this.#quoteLine);
    else yield* this.#endOfRow();
  }

  *#outside(sign: string): Generator<CsvRecord> {
    if (this.#place === 'skipping') return;
    if (sign === this.#separator) {
      this.#endOfCell();
      this.#place = 'begin';
    } else if (this.#place === 'after_quote' && sign === '"') yield* this.#add(sign, 'quoted');
    else if (this.#place === 'after_quote')
      yield this.#broken('there is text after the closing quote; a quote inside a cell is written twice');
    else if (sign === '"' && this.#place === 'begin') {
      this.#place = 'quoted';
      this.#quoteLine = this.#line;
    } else if (sign === '"')
      yield this.#broken('a quote stands inside a cell that does not begin with one; put the cell in quotes');
    else yield* this.#add(sign, 'plain');
  }

  *#inQuotes(sign: string): Generator<CsvRecord> {
    if (sign === '"') this.#place = 'after_quote';
    else yield* this.#add(sign, 'quoted');
  }

  *#add(sign: string, place: Place): Generator<CsvRecord> {
    this.#place = place;
    this.#cell += sign;
    if (this.#cell.length <= MAX_CELL) return;
    yield place === 'quoted'
      ? this.#broken('a quote opens here and does not close for very long', this.#quoteLine)
      : this.#broken('the cell is too long');
  }

  #endOfCell(): void {
    this.#cells.push(this.#cell);
    this.#cell = '';
  }

  *#endOfRow(): Generator<CsvRecord> {
    const isBlank = this.#place === 'begin' && this.#cells.length === 0;
    if (this.#place !== 'skipping' && !isBlank) {
      this.#endOfCell();
      yield { kind: 'row', line: this.#rowLine, cells: this.#cells };
    }
    this.#cells = [];
    this.#cell = '';
    this.#place = 'begin';
  }

  #broken(reason: string, line = this.#line): CsvRecord {
    const cell = this.#cells.length + 1;
    this.#place = 'skipping';
    this.#cells = [];
    this.#cell = '';
    return { kind: 'broken', line, cell, reason };
  }
}

/** One line with its CRLF; a cell is quoted where it has to be, or where `always` says so. */
export function csvLine(cells: readonly string[], separator = ',', always = false): string {
  const needsQuotes = (cell: string) => always || cell.includes(separator) || /["\r\n]|^\s|\s$/.test(cell);
  const written = cells.map((cell) => (needsQuotes(cell) ? `"${cell.replaceAll('"', '""')}"` : cell));
  return `${written.join(separator)}\r\n`;
}
