import { expect, test } from 'vitest';
import { CREDENTIALS, createRig } from '../rig.ts';
import { type JsonObject, readJson } from '../signature/json-tree.ts';
import { isSignedWith } from '../signature/sign.ts';
import type { EcommpayScenarioName } from './catalogue.ts';

test.each([
  ['status-not-found', 404, { code: '3061' }, undefined],
  ['status-not-found-200', 200, { payment: { status: 'error' }, errors: [{ code: '3061' }] }, undefined],
  ['status-unsigned', 200, { payment: { id: 'a', status: 'processing' } }, false],
  ['status-forged', 200, { payment: { id: 'a', status: 'success' } }, false],
  ['status-other-payment', 200, { payment: { id: 'a-other' } }, true],
  ['status-wrong-amount', 200, { payment: { id: 'a', sum: { amount: 9_900, currency: 'PHP' } } }, true],
  ['status-500', 500, {}, undefined],
  ['status-lost', 'hang', {}, undefined],
] as [EcommpayScenarioName, number | string, object, boolean | undefined][])(
  '%s',
  (name, status, has, isTrue) => {
    const rig = createRig();
    rig.sale({ id: 'a' });
    rig.scenario(name);
    const bent = rig.status('a');
    expect(bent.status).toBe(status);
    expect(bent.body).toMatchObject(has);
    if (isTrue !== undefined) {
      expect(isSignedWith(readJson(bent.text).value as JsonObject, CREDENTIALS.secret)).toBe(isTrue);
    }
    expect(rig.ecommpay.log().at(-1)).toMatchObject({ scenario: name, call: 'status' });
    expect(rig.status('a').body).toMatchObject({ payment: { id: 'a', sum: { amount: 10_000 } } });
    expect(rig.kinds()).toEqual([]);
  },
);

test('of an unknown payment the bent answers stay "not found"', () => {
  const rig = createRig();
  for (const name of ['status-forged', 'status-unsigned', 'status-other-payment'] as const) {
    rig.scenario(name);
    expect(rig.status('x').body.code).toBe('3061');
  }
});
