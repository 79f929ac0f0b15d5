/** Maya's codes as this client reads them (contract 11.2, design of the answers to execute). */

/** "Already processed": documented for an id that was executed successfully. */
export const ALREADY_PROCESSED = 'PY0010';

/** The payment does not exist. */
export const NOT_FOUND = 'PY0009';

/** Declined for balance, by the issuer, for a limit. */
const DECLINE_CODES = new Set(['PY0105', 'PY0119', 'PY0123']);

/** The request itself was refused: parameters, merchant, account, currency, payment, JSON. */
const REFUSAL_CODES = new Set(['2553', 'PY0017', 'PY0019', 'PY0037', 'PY0044', 'PY0064']);

/** "Unreachable", "timed out", "general fault": says nothing about the payment. */
const FAULT_CODES = new Set(['PY0001', 'PY0015', 'PY0016', 'PY9999']);

export const isDeclineCode = (code: string | null): code is string =>
  code !== null && DECLINE_CODES.has(code);
export const isRefusalCode = (code: string | null): code is string =>
  code !== null && REFUSAL_CODES.has(code);
export const isFaultCode = (code: string | null): code is string => code !== null && FAULT_CODES.has(code);
