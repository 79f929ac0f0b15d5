/** One row of a file, or what is wrong with it. Lines count from 1. */
export type CsvRecord =
  | { kind: 'row'; line: number; cells: string[] }
  /**
   * Not CSV, be it by a quote or by its length, so it is unknown where the next row begins: rows that follow may be the
   * lines of a cell, and none of the file may be acted on. `cell` counts from 1. The reason is a sentence for whoever mends
   * the file; it holds nothing of the file.
   */
  | { kind: 'broken'; line: number; cell: number; reason: string };

const MAX_CELL = 10_000;
const MAX_HEAD = 64 * 1_024;

/**
 * Reads comma separated values as they come (RFC 4180): UTF-8 with or without a byte order mark, lines that end in CRLF
 * or LF, quoted cells with separators and doubled quotes in them. The first line tells whether `,` or `;` separates.
 * Blank lines are no rows. A broken row is told of, and reading goes on at the next line, to tell of others. That is why a
 * line ends every row, other than in RFC 4180: a quote that was forgotten would swallow the rows behind it, and nobody
 * would miss them. A cell with line ends in it, which RFC 4180 allows, so begins a broken row.
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

/** Where the first line ends; below 0 where it does not. */
const endOfFirstLine = (text: string): number => text.search(/[\r\n]/);

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
  #lastWasCr = false;

  constructor(separator: string) {
    this.#separator = separator;
  }

  *read(text: string): Generator<CsvRecord> {
    for (const sign of text) {
      const isSecondHalf = sign === '\n' && this.#lastWasCr;
      this.#lastWasCr = sign === '\r';
      if (isSecondHalf) continue;
      if (sign === '\n' || sign === '\r') {
        yield* this.end();
        this.#line += 1;
      } else if (this.#place === 'quoted') yield* this.#inQuotes(sign);
      else yield* this.#outside(sign);
    }
  }

  /** Of a line, and of the file. */
  *end(): Generator<CsvRecord> {
    if (this.#place === 'quoted')
      yield this.#broken('a quote opens here and does not close before the line ends');
    yield* this.#endOfRow();
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
      ? this.#broken('a quote opens here and does not close for very long')
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
      yield { kind: 'row', line: this.#line, cells: this.#cells };
    }
    this.#cells = [];
    this.#cell = '';
    this.#place = 'begin';
  }

  #broken(reason: string): CsvRecord {
    const cell = this.#cells.length + 1;
    this.#place = 'skipping';
    this.#cells = [];
    this.#cell = '';
    return { kind: 'broken', line: this.#line, cell, reason };
  }
}

/** One line with its CRLF; a cell is quoted where it has to be, or where `always` says so. */
export function csvLine(cells: readonly string[], separator = ',', always = false): string {
  const needsQuotes = (cell: string) => always || cell.includes(separator) || /["\r\n]|^\s|\s$/.test(cell);
  const written = cells.map((cell) => (needsQuotes(cell) ? `"${cell.replaceAll('"', '""')}"` : cell));
  return `${written.join(separator)}\r\n`;
}
