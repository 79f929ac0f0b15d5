import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startForTest } from '../fixture.ts';

let sim: Awaited<ReturnType<typeof startForTest>>;
beforeAll(async () => {
  sim = await startForTest();
});
beforeEach(() => sim.maya.reset());
afterAll(() => sim.close());

describe('the control API', () => {
  test('scenarios: listed, set, counted, cleared', async () => {
    const { json } = await sim.control('GET', 'scenario');
    expect(json).toMatchObject({ everyone: null, active: {} });
    expect(json.scenarios).toContainEqual({
      name: 'execute-429',
      title: 'Execute: 429, not charged',
      what: expect.any(String),
      group: 'execute',
      scope: 'customer',
      calls: 1,
      touches: ['execute'],
    });

    const request = { customer: 'maria', name: 'execute-429', calls: 2 };
    const active = { maria: { name: 'execute-429', remaining: 2 } };
    expect(await sim.control('POST', 'scenario', request)).toEqual({
      status: 200,
      json: { everyone: null, active },
    });
    expect((await sim.control('POST', 'scenario', { name: 'oauth-down' })).json).toEqual({
      everyone: { name: 'oauth-down', remaining: 2 },
      active,
    });
    expect((await sim.control('DELETE', 'scenario?customer=maria')).json).toMatchObject({ active: {} });
    expect((await sim.control('DELETE', 'scenario')).json).toEqual({
      everyone: null,
      active: {},
      ecommpay: { everyone: null, customers: {}, payments: {} },
    });
  });

  test('settings: shown, changed, and a wrong one named', async () => {
    expect((await sim.control('GET', 'settings')).json).toMatchObject({ accessTokenSeconds: 600 });
    expect((await sim.control('POST', 'settings', { latencyMs: 3 })).json).toMatchObject({ latencyMs: 3 });
    expect(await sim.control('POST', 'settings', { latencyMs: -1 })).toMatchObject({
      status: 400,
      json: { error: 'invalid_settings', message: expect.stringContaining('latencyMs') },
    });
  });

  test('customers: listed, made, edited', async () => {
    expect((await sim.control('GET', 'customers')).json.customers).toHaveLength(2);
    const { json } = await sim.control('POST', 'customers', {
      id: 'ana',
      name: 'Ana Reyes',
      balanceCentavos: 7,
    });
    expect(json).toEqual({
      id: 'ana',
      name: 'Ana Reyes',
      balanceCentavos: 7,
      kyc: 'verified',
      consent: true,
    });
    expect((await sim.control('GET', 'ledger?customer=ana')).json).toEqual({
      debits: [],
      balances: { ana: 7 },
      ecommpay: { debits: [] },
    });
    expect((await sim.control('POST', 'customers')).json.id).toBe('customer-1');
  });

  test('ledger, payments, log, violations and secrets', async () => {
    sim.open();
    expect((await sim.control('GET', 'ledger')).json).toEqual({
      debits: [],
      balances: { maria: 500_000, jose: 15_000 },
      ecommpay: { debits: [], payouts: [] },
    });
    expect((await sim.control('GET', 'payments?customer=maria')).json).toEqual({ payments: [] });
    expect((await sim.control('GET', 'log?customer=')).json.entries).toHaveLength(1);
    expect((await sim.control('GET', 'log?customer=jose')).json).toEqual({ entries: [] });
    const [entry] = sim.maya.log();
    expect((await sim.control('GET', `log?after=${entry?.number}`)).json).toEqual({ entries: [] });
    expect((await sim.control('GET', 'violations?customer=maria')).json).toEqual({ violations: [] });
    expect((await sim.control('GET', 'secrets')).json.secrets).toContainEqual({
      kind: 'client-secret',
      value: 'a-client-secret',
    });
  });

  test('time: let pass at Maya, told, and taken back', async () => {
    sim.open();
    const before = Date.now();
    const { json } = await sim.control('POST', 'advance', { hours: 1, minutes: 30 });
    // Time goes by while it is let pass.
    expect(json.aheadMs).toBeGreaterThan(5_390_000);
    expect(json.aheadMs).toBeLessThanOrEqual(5_400_000);
    expect(Date.parse(String(json.now))).toBeGreaterThanOrEqual(before + 5_400_000);
    sim.open('jose');
    const [first, later] = sim.maya.log();
    expect((later?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(5_400_000);
    expect((await sim.control('DELETE', 'advance')).json).toEqual({ now: expect.any(String), aheadMs: 0 });
    expect((await sim.control('GET', 'advance')).json).toMatchObject({ aheadMs: 0 });
  });

  test('reset', async () => {
    await sim.control('POST', 'customers', { id: 'maria', balanceCentavos: 1 });
    expect(await sim.control('POST', 'reset')).toEqual({ status: 200, json: { ok: true } });
    expect(sim.maya.ledger('maria').balances).toEqual({ maria: 500_000 });
  });

  test.each([
    ['GET', 'ledger?customer=nobody', undefined, 404, 'unknown_customer'],
    ['POST', 'launch', { customer: 'nobody' }, 404, 'unknown_customer'],
    ['POST', 'launch', {}, 400, 'customer_missing'],
    ['GET', 'launch', undefined, 400, 'customer_missing'],
    ['GET', 'log?after=x', undefined, 400, 'invalid_after'],
    ['POST', 'scenario', { customer: 'maria', name: 'x' }, 400, 'unknown_scenario'],
    ['POST', 'settings', '{', 400, 'invalid_json'],
    ['POST', 'settings', 'x'.repeat(70_000), 413, 'body_too_large'],
    ['POST', 'customers', { balance: 1 }, 400, 'invalid_customer'],
    ['GET', 'nothing', undefined, 404, 'not_found'],
    ['GET', 'constructor', undefined, 404, 'not_found'],
    ['GET', 'reset', undefined, 405, 'method_not_allowed'],
  ])('%s %s with %j: %d %s, and how to mend it', async (method, path, body, status, error) => {
    const answer = await sim.control(method, path, body);
    expect(answer).toEqual({
      status,
      json: { error, message: expect.any(String), mend: expect.stringMatching(/./) },
    });
  });
});
