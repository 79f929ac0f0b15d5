import { currencyNotSupported, invalidJson, invalidParameter, merchantNotFound } from '../answers.ts';
import type { Problem } from '../calls/call.ts';
import type { ViolationKind } from '../violations.ts';
import { asObject, checkFields, readJsonObject } from './json-object.ts';

const MAX_AMOUNT = 9_999_999_999.99;

/** The body of create (https://developers.maya.ph/reference/create-maya-mini-app-payment), held to two decimals and PHP. */
export function checkPaymentBody(
  body: string,
  p2mId: string,
): { amountCentavos: number; problems: readonly Problem[] } {
  const { object, problems } = readJsonObject(body);
  if (!object) return { amountCentavos: 0, problems };

  const found = [...checkFields(object, ['p2mId', 'amount'])];
  if (typeof object.p2mId === 'string' ? object.p2mId !== p2mId : object.p2mId != null) {
    found.push({
      kind: 'p2m-id',
      detail: 'p2mId is not the one of this merchant',
      answer: merchantNotFound(),
    });
  }
  const amount = asObject(object.amount);
  if (!amount) {
    if (object.amount != null) found.push(invalid('field-invalid', 'amount', 'must be an object'));
    return { amountCentavos: 0, problems: found };
  }
  found.push(...checkFields(amount, ['currency', 'value'], 'amount'));
  if (amount.currency != null && amount.currency !== 'PHP') {
    found.push({
      kind: 'currency',
      detail: 'amount.currency must be "PHP"',
      answer: currencyNotSupported(),
    });
  }
  if (amount.value != null) found.push(...checkValue(amount.value));
  return { amountCentavos: Math.round(Number(amount.value) * 100), problems: found };
}

function checkValue(value: unknown): Problem[] {
  const field = 'amount.value';
  if (typeof value !== 'number') return [invalid('amount-not-a-number', field, 'must be a JSON number')];
  if (value <= 0 || value > MAX_AMOUNT) {
    return [invalid('amount-range', field, `must be above 0 and at most ${MAX_AMOUNT}`)];
  }
  if (Math.round(value * 100) / 100 !== value) {
    return [invalid('amount-decimals', field, 'must have at most two decimals')];
  }
  return [];
}

const invalid = (kind: ViolationKind, field: string, description: string): Problem => ({
  kind,
  detail: `${field} ${description}`,
  answer: invalidParameter(field, description),
});

/** The body of execute: Maya describes none, so nothing or `{}`. */
export function checkExecuteBody(body: string): Problem[] {
  const text = body.trim();
  if (text === '' || /^\{\s*\}$/.test(text)) return [];
  return [
    {
      kind: 'execute-body',
      detail: 'The body of execute must be {} or empty',
      answer: readJsonObject(text).object ? invalidParameter('body', 'must be {} or empty') : invalidJson(),
    },
  ];
}
