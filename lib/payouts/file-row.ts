import { isIP } from 'node:net';
import type { CsvRecord } from '../base/csv.ts';
import { formatPesos } from '../base/money.ts';
import { isWithin, type Limits } from '../ecommpay/api.ts';
import { isAccountNumber } from '../ecommpay/gate-payout.ts';

/** Columns of a file of payouts. The first line names them, in any order. */
export const REQUIRED_COLUMNS = [
  'payment_id',
  'amount',
  'customer_id',
  'account_number',
  'customer_name',
] as const;
export const OPTIONAL_COLUMNS = ['currency', 'ip_address'] as const;

type Column = (typeof REQUIRED_COLUMNS)[number] | (typeof OPTIONAL_COLUMNS)[number];

/** What is wrong, and where. Never holds what the cell says: it may be personal. */
export type FileProblem = { line: number; column: string; reason: string };

/** A row that may be recorded. */
export type FileRow = {
  line: number;
  paymentId: string;
  amountCentavos: number;
  customerId: string;
  accountNumber: string;
  customerName: string;
  ipAddress: string;
  /** Everything that makes it this row and no other. */
  content: string[];
};

/** Where each column stands. */
export type Header = ReadonlyMap<string, number>;

const KNOWN: readonly string[] = [...REQUIRED_COLUMNS, ...OPTIONAL_COLUMNS];

/** Reads the first line. A column that nobody knows is a problem: it might be a known one, misspelt. */
export function readHeader(
  { line, cells }: { line: number; cells: readonly string[] },
  required: readonly string[] = REQUIRED_COLUMNS,
  known: readonly string[] = KNOWN,
): { header: Header; problems: FileProblem[] } {
  const names = cells.map((cell) => cell.trim().toLowerCase());
  const problem = (column: string, reason: string): FileProblem => ({ line, column, reason });
  const header = new Map(names.map((name, index) => [name, index]));
  return {
    header,
    problems: [
      ...required.filter((name) => !header.has(name)).map((name) => problem(name, 'the column is missing')),
      ...names.flatMap((name, index) =>
        known.includes(name)
          ? names.indexOf(name) === index
            ? []
            : [problem(name, 'the column stands twice')]
          : [problem(`column ${index + 1}`, `the column is not known; columns are ${known.join(', ')}`)],
      ),
    ],
  };
}

/** A row's cells by column, or what is wrong with the row as a whole. */
export function cellsOf(
  header: Header,
  record: CsvRecord,
): { cell: (column: string) => string; problems: FileProblem[] } {
  const { line } = record;
  if (record.kind === 'broken')
    return {
      cell: () => '',
      problems: [{ line, column: nameAt(header, record.cell), reason: record.reason }],
    };
  const { cells } = record;
  const problems: FileProblem[] = [];
  if (cells.length !== header.size)
    problems.push({
      line,
      column: nameAt(header, Math.min(cells.length, header.size) + 1),
      reason: `there are ${cells.length} cells, but ${header.size} columns`,
    });
  cells.forEach((cell, index) => {
    if (cell.includes('\ufffd'))
      problems.push({
        line,
        column: nameAt(header, index + 1),
        reason: 'is not UTF-8; save the file as UTF-8',
      });
  });
  return { cell: (column) => (cells[header.get(column) ?? -1] ?? '').trim(), problems };
}

const nameAt = (header: Header, cell: number) =>
  [...header].find(([, index]) => index === cell - 1)?.[0] ?? `column ${cell}`;

const ID = /^[A-Za-z0-9][\w.-]{0,254}$/;
const ID_RULE = 'must be letters, digits, . _ or -, beginning with a letter or digit, at most 255';

/** @param defaultIp the network address to send where the file names none */
export function readFileRow(
  header: Header,
  record: CsvRecord,
  rules: { limits: Limits; defaultIp: string | undefined },
): { row: FileRow } | { problems: FileProblem[] } {
  const { cell, problems } = cellsOf(header, record);
  const { line } = record;
  const read = <T>(column: Column, reader: (text: string) => T | string[]): T | undefined => {
    const value = reader(cell(column));
    if (!Array.isArray(value)) return value;
    for (const reason of value) problems.push({ line, column, reason });
    return undefined;
  };
  if (problems.length > 0) return { problems };
  const paymentId = read('payment_id', readId);
  const amountCentavos = read('amount', (text) => readAmount(text, rules.limits));
  const customerId = read('customer_id', readId);
  const accountNumber = read('account_number', readAccount);
  const customerName = read('customer_name', readName);
  // Ids stand in logs and lists, where a number has no business.
  for (const column of ['payment_id', 'customer_id'] as const)
    if (accountNumber !== undefined && cell(column).includes(accountNumber.slice(1)))
      problems.push({ line, column, reason: 'must not contain the account number' });
  read('currency', (text) => (text === '' || text === 'PHP' ? text : ['must be PHP, or empty']));
  const ipAddress = read('ip_address', (text) => readIp(text, rules.defaultIp));
  if (
    paymentId === undefined ||
    amountCentavos === undefined ||
    customerId === undefined ||
    accountNumber === undefined ||
    customerName === undefined ||
    ipAddress === undefined ||
    problems.length > 0
  )
    return { problems };
  const content = [
    paymentId,
    String(amountCentavos),
    customerId,
    accountNumber,
    customerName,
    cell('ip_address'),
  ];
  return {
    row: { line, paymentId, amountCentavos, customerId, accountNumber, customerName, ipAddress, content },
  };
}

export const readId = (text: string): string | string[] =>
  text === '' ? ['is missing'] : ID.test(text) ? text : [ID_RULE];

/** Pesos with both decimals, so that a file in centavos is never taken for pesos. */
function readAmount(text: string, limits: Limits): number | string[] {
  if (text === '') return ['is missing'];
  if (!/^\d{1,9}\.\d{2}$/.test(text))
    return ['must be pesos with a point and two decimals, e.g. 1500.00, without thousands separators'];
  const centavos = Number(text.replace('.', ''));
  if (isWithin(limits, centavos)) return centavos;
  return [`must be ${formatPesos(limits.minCentavos)} to ${formatPesos(limits.maxCentavos)}`];
}

function readAccount(text: string): string | string[] {
  if (text === '') return ['is missing'];
  if (isAccountNumber(text)) return text;
  if (/^9\d{9}$/.test(text))
    return ['must be 09 and nine digits; a spreadsheet has dropped the leading zero'];
  return ['must be 09 and nine digits, without spaces or +63'];
}

function readName(text: string): string | string[] {
  if (text === '') return ['is missing'];
  if (text.length > 255) return ['is too long: at most 255 characters'];
  // A name that begins with = + - or @ is a formula to a spreadsheet, and ; cannot be signed safely.
  return /^\p{L}[\p{L}\p{M}\p{N} .,'’()-]*$/u.test(text)
    ? text
    : ["must be a full name: letters, digits, spaces and . , ' ( ) -, beginning with a letter"];
}

function readIp(text: string, defaultIp: string | undefined): string | string[] {
  if (text === '') return defaultIp ?? ['is missing, and ECOMMPAY_PAYOUT_IP is not set'];
  return isIP(text) > 0 && !text.includes('%') ? text : ['must be an IPv4 or IPv6 address'];
}
