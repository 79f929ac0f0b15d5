import { describe, expect, test } from 'vitest';
import { scenarios as ofMaya } from '../../maya/scenarios/catalogue.ts';
import { createRig } from '../rig.ts';
import { scenarioNamed, scenarios, scenarioWords } from './catalogue.ts';

describe('the catalogue', () => {
  test('names are unique on both rails, and fit in links', () => {
    const names = [...scenarios, ...ofMaya].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  test.each(scenarioWords())('$name says what happens', ({ title, what, touches, calls, name }) => {
    expect(title).toMatch(/^.{4,60}$/);
    expect(what).toMatch(/^[\w"].{30,}\.$/);
    expect(touches.length > 0).toBe(name !== 'success');
    expect(calls).toBe(name === 'success' ? 'always' : 1);
    expect(scenarioNamed(name)?.title).toBe(title);
  });
});

describe('whose scenario it is', () => {
  const refusalOf = (rig: ReturnType<typeof createRig>, customer: string, id: string) =>
    rig.sale({ customer, id }).body.code;

  test("the payment's own comes before the customer's before everyone's, each counted by itself", () => {
    const rig = createRig();
    const { ecommpay } = rig;
    ecommpay.setScenario({ name: 'duplicate-3613' });
    ecommpay.setScenario({ name: 'answer-3041', customer: 'c-1' });
    ecommpay.setScenario({ name: 'request-refused-200', payment: 'a' });
    expect(ecommpay.activeScenarios()).toEqual({
      everyone: { name: 'duplicate-3613', remaining: 1 },
      customers: { 'c-1': { name: 'answer-3041', remaining: 1 } },
      payments: { a: { name: 'request-refused-200', remaining: 1 } },
    });
    expect(refusalOf(rig, 'c-1', 'a')).toBe('314');
    expect(refusalOf(rig, 'c-1', 'b')).toBe('3041');
    expect(refusalOf(rig, 'c-2', 'c')).toBe('3613');
    expect(refusalOf(rig, 'c-2', 'd')).toBeUndefined();
    expect(ecommpay.activeScenarios()).toEqual({ everyone: null, customers: {}, payments: {} });
  });

  test('"always" lasts until another, "success" or a clearing', () => {
    const rig = createRig();
    rig.scenario('duplicate-3613', 'always');
    expect([1, 2, 3].map(() => rig.sale().body.code)).toEqual(['3613', '3613', '3613']);
    rig.scenario('success');
    expect(rig.sale().status).toBe(200);
    rig.scenario('duplicate-3613', 2);
    rig.ecommpay.setScenario({ name: 'duplicate-3613', customer: 'c-9' });
    rig.ecommpay.clearScenario({ customer: 'c-9' });
    expect(rig.ecommpay.activeScenarios()).toMatchObject({ everyone: { remaining: 2 }, customers: {} });
    rig.ecommpay.clearScenario();
    expect(rig.sale().status).toBe(200);
  });

  test('what a call does not touch is not used up; a wrong call uses nothing up', () => {
    const rig = createRig();
    rig.scenario('status-500');
    rig.sale({ id: 'a' });
    rig.sale({ amount: 1 });
    expect(rig.status('a').status).toBe(500);
    rig.scenario('redirect-post');
    rig.confirm();
    expect(rig.ecommpay.activeScenarios().everyone).toEqual({ name: 'redirect-post', remaining: 1 });
  });

  test('a payment that is there already changes its ways', () => {
    const rig = createRig();
    rig.sale({ id: 'a' });
    rig.ecommpay.setScenario({ name: 'decline-20101', payment: 'a' });
    rig.pass(1_000);
    rig.approve('a');
    rig.pass(2_000);
    expect(rig.told().at(-1)).toBe('decline / decline / 20101');
    rig.ecommpay.setScenario({ name: 'status-unsigned', payment: 'a' });
    expect(rig.status('a').body.signature).toBeUndefined();
    expect(rig.status('a').body.signature).toBeDefined();
  });

  test.each([
    [{}, 'invalid_scenario'],
    [{ name: 'decline-20105', calls: 0 }, 'invalid_scenario'],
    [{ name: 'decline-20105', customer: '' }, 'invalid_scenario'],
    [{ name: 'decline' }, 'unknown_scenario'],
    [undefined, 'invalid_scenario'],
  ])('%j is refused with its mend', (request, code) => {
    const rig = createRig();
    expect(() => rig.ecommpay.setScenario(request)).toThrow(
      expect.objectContaining({ code, mend: expect.stringMatching(/./) }),
    );
  });
});
