import { CURRENCY, decimalToCentavos } from '../base/money.ts';

/** What Maya's answer must repeat of a payment (contract 10 and 11). */
export type Expected = {
  p2mId: string;
  amountCentavos: number;
  /** The `Request-Reference-No` of the create request. */
  requestReferenceNumber: string;
};

export type EchoField = 'p2mId' | 'amount' | 'currency' | 'requestReferenceNumber';

export type EchoCheck = { missing: EchoField[]; wrong: EchoField[] };

/** Compares what came back, in centavos and to the letter. A field of another type counts as wrong, not as missing. */
export function checkEcho(answer: Record<string, unknown>, expected: Expected): EchoCheck {
  const check: EchoCheck = { missing: [], wrong: [] };
  const compare = (field: EchoField, value: unknown, right: boolean) => {
    if (value === undefined || value === null) check.missing.push(field);
    else if (!right) check.wrong.push(field);
  };
  const amount = answer.amount ?? {};
  const isObject = typeof amount === 'object' && !Array.isArray(amount);
  const parts = isObject ? (amount as Record<string, unknown>) : {};
  if (!isObject) check.wrong.push('amount');
  else compare('amount', parts.value, decimalToCentavos(parts.value) === expected.amountCentavos);
  compare('currency', parts.currency, parts.currency === CURRENCY);
  compare('p2mId', answer.p2mId, answer.p2mId === expected.p2mId);
  compare(
    'requestReferenceNumber',
    answer.requestReferenceNumber,
    answer.requestReferenceNumber === expected.requestReferenceNumber,
  );
  return check;
}

/** A payment id that may stand in a path. Documented as UUIDv4 (contract 10); read a little wider. */
export function readPaymentId(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Za-z0-9_-]{8,64}$/.test(value) ? value : null;
}
