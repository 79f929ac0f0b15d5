/** What a driver throws: `busy` asks for the transaction to be run again, the others do not. */
export class StoreError extends Error {
  readonly code: string;
  readonly errcode: number | undefined;

  constructor(kind: 'busy' | 'refused' | 'gone') {
    super(`the store is ${kind}`);
    this.code = kind === 'gone' ? 'ECONNRESET' : 'ERR_SQLITE_ERROR';
    this.errcode = kind === 'busy' ? 5 : kind === 'refused' ? 13 : undefined;
  }
}

export const isStoreError = (error: unknown): boolean => error instanceof StoreError;
