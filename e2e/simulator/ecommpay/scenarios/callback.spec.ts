import { describe, expect, test } from 'vitest';
import { CREDENTIALS, createRig, type Rig } from '../rig.ts';
import { type JsonObject, readJson } from '../signature/json-tree.ts';
import { isSignedWith } from '../signature/sign.ts';
import { scenarios } from './catalogue.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A sale on the Payment Page that the customer approves: without a scenario one callback follows. */
function paid(rig: Rig, id = 'a', forMs = 3 * DAY_MS) {
  rig.confirm({ id });
  rig.approve(id);
  rig.pass(forMs);
}

const played = (name: (typeof scenarios)[number]['name'], forMs?: number) => {
  const rig = createRig();
  rig.scenario(name);
  paid(rig, 'a', forMs);
  return rig;
};

const isTrue = (text: string) => {
  const tree = readJson(text).value;
  return tree instanceof Map && isSignedWith(tree as JsonObject, CREDENTIALS.secret);
};

describe('how the merchant is told', () => {
  test.each([
    ['callback-never', []],
    ['callback-late', ['success / success / 0']],
    ['callback-twice', ['success / success / 0', 'success / success / 0']],
    ['callback-out-of-order', ['success / success / 0', 'processing / processing / 0']],
    ['callback-forged', ['success / success / 0', 'success / success / 0']],
    ['callback-unsigned', ['success / success / 0', 'success / success / 0']],
    ['callback-wrong-amount', ['success / success / 0']],
    ['callback-unknown-status', ['awaiting something new / new / 0', 'success / success / 0']],
    ['callback-unknown-payment', ['success / success / 0', 'success / success / 0']],
    ['callback-without-payment', ['', 'success / success / 0']],
    ['callback-collision', ['processing / success / 0', 'success / success / 0']],
  ] as const)('%s', (name, told) => {
    const rig = played(name);
    expect(rig.told()).toEqual(told);
    expect(rig.status('a').body).toMatchObject({ payment: { status: 'success', sum: { amount: 10_000 } } });
    expect(rig.ecommpay.ledger().debits).toHaveLength(1);
  });

  test.each([
    [
      'callback-wrong-amount',
      { payment: { sum: { amount: 9_900 } }, operation: { sum_initial: { amount: 9_900 } } },
    ],
    ['callback-wrong-currency', { payment: { sum: { amount: 10_000, currency: 'USD' } } }],
    ['callback-wrong-project', { project_id: 211 }],
    ['callback-wrong-type', { payment: { type: 'payout' }, operation: { type: 'sale' } }],
  ] as const)('E6: %s is truly signed', (name, has) => {
    const rig = played(name);
    expect(rig.received.at(-1)?.body).toMatchObject(
      name === 'callback-wrong-type' ? { payment: { type: 'payout' }, operation: { type: 'payout' } } : has,
    );
    expect(isTrue(rig.received.at(-1)?.text ?? '')).toBe(true);
  });

  test('E4: callback-forged and callback-unsigned come first, once, and are not true; believing them is a violation', () => {
    for (const name of ['callback-forged', 'callback-unsigned'] as const) {
      const rig = createRig();
      rig.answers(({ body }) => (isTrue(body) ? 200 : 403));
      rig.scenario(name);
      paid(rig);
      expect(rig.received.map(({ text }) => isTrue(text))).toEqual([false, true]);
      expect(rig.received[0]?.body).toMatchObject({ payment: { id: 'a', status: 'success' } });
      expect('signature' in (rig.received[0]?.body ?? {})).toBe(name === 'callback-forged');
      expect(rig.kinds()).toEqual([]);
      expect(played(name).kinds()).toEqual(['callback-forged-accepted']);
    }
  });

  test('E2: callback-120-times over ten days, though answered 200', () => {
    const rig = played('callback-120-times', 12 * DAY_MS);
    expect(rig.received).toHaveLength(120);
    expect(new Set(rig.received.map(({ text }) => text)).size).toBe(1);
    const [first, last] = [rig.received[0]?.at ?? 0, rig.received.at(-1)?.at ?? 0];
    expect((last - first) / DAY_MS).toBeCloseTo(10.24, 1);
  });

  test('E3: callback-out-of-order has the older one last; callback-late two hours late', () => {
    const stale = played('callback-out-of-order');
    expect((stale.received[1]?.at ?? 0) - (stale.received[0]?.at ?? 0)).toBe(3_000);
    const late = played('callback-late');
    expect((late.received[0]?.at ?? 0) - late.payment('a').date).toBe(2 * HOUR_MS);
  });

  test('callback-general-signature', () => {
    const { text = '', body } = played('callback-general-signature').received[0] ?? {};
    expect(body).toMatchObject({ general: { signature: expect.any(String) } });
    expect(body).not.toHaveProperty('signature');
    expect(isTrue(text)).toBe(true);
  });

  test('E19: callback-unknown-payment names one that is not there', () => {
    const rig = played('callback-unknown-payment');
    expect(rig.received[0]?.body).toMatchObject({ payment: { id: 'nobody-knows-this-payment' } });
    expect(isTrue(rig.received[0]?.text ?? '')).toBe(true);
  });
});

describe('E5: odd JSON, truly signed', () => {
  const odd = scenarios.filter(({ group }) => group === 'odd-json');

  test.each(odd)('$name', ({ name }) => {
    const rig = played(name);
    const text = rig.received[0]?.text ?? '';
    if (name === 'json-broken') {
      expect(() => JSON.parse(text)).toThrow('JSON');
      return;
    }
    const body = JSON.parse(text) as { payment: { status: string } };
    expect(body.payment.status).toBe('success');
    if (name !== 'json-deep') expect(isTrue(text)).toBe(true);
  });

  test.each([
    ['json-big-integers', /"id":9007199254740993[,}]/],
    ['json-escapes', /\\u0061.*2\\u0030?|\\u006f/],
    ['json-nested-arrays', /\[\[\],\{\},\[\["a",\["b",\{\}\]\],null\],0,1,2/],
    ['json-proto', /"__proto__":\{"payment"/],
    ['json-duplicate-keys', /"payment":\{"status":"decline",.*"status":"success"/],
    ['json-odd-numbers', /"one":1\.0,"thousand":1e3,"zero":-0/],
    ['json-empties', /"acs":null,"decision":\{\},"recurring":\[\],"note":"","live":true,"test":false/],
    ['json-separators', /"a:b":"x;y:z"/],
    ['json-deep', /(\[\{"more":){30}"deep"/],
    ['json-huge', /x{100000}/],
  ] as const)('%s is what it says', (name, pattern) => {
    expect(played(name).received[0]?.text).toMatch(pattern);
  });

  test('json-escapes changes nothing for a reader', () => {
    const rig = played('json-escapes');
    const plain = createRig();
    paid(plain);
    const without = (text = '') => ({ ...(JSON.parse(text) as object), signature: '' });
    expect(without(rig.received[0]?.text)).toEqual(without(plain.received[0]?.text));
    expect(rig.received[0]?.text).toMatch(/\\u/);
  });

  test('a redirect goes through in all of them', () => {
    for (const { name } of odd) {
      const rig = createRig();
      rig.scenario(name);
      rig.sale({ id: 'a' });
      rig.pass(1_000);
      expect(rig.received[0]?.body).toMatchObject({ redirect_data: { method: 'GET' } });
    }
  });
});
