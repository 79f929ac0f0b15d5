const SQLITE_READONLY = 8;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const OF_SQLITE = [SQLITE_READONLY, SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_FULL];

/** `read_only_sql_transaction`, `disk_full`, `io_error` */
const OF_POSTGRES = ['25006', '53100', '58030'];

/** Whether an error says that the store takes no writes at present, whatever they are: full, read-only, or broken. */
export function isRefusedWrite(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  if (code === 'ERR_SQLITE_ERROR') return OF_SQLITE.includes(Number(errcode) & 0xff);
  return OF_POSTGRES.includes(String(code));
}
