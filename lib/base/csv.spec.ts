import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CsvRecord, csvLine, readCsv } from './csv.ts';

async function read(...chunks: (string | Uint8Array)[]): Promise<CsvRecord[]> {
  return Array.fromAsync(readCsv(Readable.from(chunks.map((chunk) => Buffer.from(chunk)))));
}
const cells = (records: CsvRecord[]) =>
  records.map((record) => (record.kind === 'row' ? record.cells : record));

describe('rows', () => {
  test.each<[string, string, string[][]]>([
    [
      'CRLF, the last line without',
      'a,b\r\n1,2\r\n3,4',
      [
        ['a', 'b'],
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    [
      'LF',
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a byte order mark',
      '\ufeffa,b\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'semicolons, told by the first line',
      'a;b\n1,5;2',
      [
        ['a', 'b'],
        ['1,5', '2'],
      ],
    ],
    [
      'a separator in a quoted name decides nothing',
      '"a;;;",b\n1,2',
      [
        ['a;;;', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'quotes, with separators and quotes in them',
      'a,b\n"1,2","say ""hi"""',
      [
        ['a', 'b'],
        ['1,2', 'say "hi"'],
      ],
    ],
    [
      'empty cells',
      'a,b\n,\n"",x',
      [
        ['a', 'b'],
        ['', ''],
        ['', 'x'],
      ],
    ],
    [
      'blank lines are no rows',
      '\na,b\n\r\n\n1,2\n\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['nothing at all', '', []],
    ['a name beyond ASCII', 'a\nJosé Rizalino Peña 😀', [['a'], ['José Rizalino Peña 😀']]],
  ])('%s', async (_name, text, expected) => {
    expect(cells(await read(text))).toEqual(expected);
    // However the chunks are cut: byte by byte, also inside a letter and between CR and LF.
    expect(cells(await read(...[...Buffer.from(text)].map((byte) => new Uint8Array([byte]))))).toEqual(
      expected,
    );
  });

  test('each has its line', async () => {
    const records = await read('a,b\r\n"1",2\r\n\r\n3,4\n');
    expect(records.map(({ line }) => line)).toEqual([1, 2, 4]);
  });

  test('what is written is read again', async () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !/[\ufeff\r\n]/.test(text));
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(table, fc.constantFrom(',', ';'), async (rows, separator) => {
        const head = ['first', 'second'];
        const text = [head, ...rows].map((row) => csvLine(row, separator)).join('');
        expect(cells(await read(text))).toEqual([head, ...rows]);
      }),
    );
  });
});

describe('broken rows are told of by line and cell, and reading goes on', () => {
  test.each<[string, string, { line: number; cell: number; reason: string }]>([
    [
      'text after a closing quote',
      'a,b\n"x"y,1\n3,4',
      { line: 2, cell: 1, reason: 'after the closing quote' },
    ],
    ['a quote inside a cell', 'a,b\n1,5" pipe\n3,4', { line: 2, cell: 2, reason: 'inside a cell' }],
    ['a cell without end', `a,b\n1,${'x'.repeat(10_001)}\n3,4`, { line: 2, cell: 2, reason: 'too long' }],
    [
      'a quote that stays open for very long',
      `a,b\n1,"${'x'.repeat(10_001)}\n3,4`,
      { line: 2, cell: 2, reason: 'does not close' },
    ],
  ])('%s', async (_name, text, { line, cell, reason }) => {
    const records = await read(text);
    expect(records[1]).toMatchObject({ kind: 'broken', line, cell, reason: expect.stringContaining(reason) });
    expect(records.slice(2)).toEqual([{ kind: 'row', line: 3, cells: ['3', '4'] }]);
  });

  test('a quote that never closes swallows no row behind it', async () => {
    const records = await read('a,b\n1,"2\n3,4\n5,"6"\n"7');
    expect(records).toEqual([
      { kind: 'row', line: 1, cells: ['a', 'b'] },
      { kind: 'broken', line: 2, cell: 2, reason: expect.stringContaining('does not close') },
      { kind: 'row', line: 3, cells: ['3', '4'] },
      { kind: 'row', line: 4, cells: ['5', '6'] },
      { kind: 'broken', line: 5, cell: 1, reason: expect.stringContaining('does not close') },
    ]);
  });
});

test('a large file is read as it comes', async () => {
  let produced = 0;
  async function* source() {
    yield Buffer.from('a,b\n');
    for (; produced < 1_000; produced += 1) yield Buffer.from('1,2\n'.repeat(100));
  }
  const rows = readCsv(source());
  for (let row = 0; row < 50; row += 1) await rows.next();
  expect(produced).toBeLessThan(5);
});
