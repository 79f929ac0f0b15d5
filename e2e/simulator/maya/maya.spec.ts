import { describe, expect, test } from 'vitest';
import { createRig } from './rig.ts';

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('paying', () => {
  test('create makes a new id each time, echoes what was sent, and moves no money', () => {
    const rig = createRig();
    const tokens = rig.open();
    const request = rig.createRequest(tokens, 1499.5);
    const { status, body } = rig.ask(request);

    expect(status).toBe(200);
    expect(body).toEqual({
      id: expect.stringMatching(UUID_V4),
      p2mId: 'P2M-1',
      requestReferenceNumber: request.headers['request-reference-no'],
      amount: { currency: 'PHP', value: 1499.5 },
      status: 'CREATED',
      createdAt: '2027-01-15T00:00:00.000Z',
    });
    expect(rig.create(tokens, 1499.5).body.id).not.toBe(body.id);
    expect(rig.balance()).toBe(500_000);
    expect(rig.debits()).toEqual([]);
  });

  test("execute debits the wallet and answers with the create call's reference", () => {
    const rig = createRig();
    const tokens = rig.open();
    const created = rig.create(tokens, 1499.5).body;
    rig.pass(1_000);
    const { status, body } = rig.execute(tokens, String(created.id));

    expect(status).toBe(200);
    expect(body).toEqual({
      id: created.id,
      p2mId: 'P2M-1',
      requestReferenceNumber: created.requestReferenceNumber,
      amount: { currency: 'PHP', value: 1499.5 },
      status: 'APPROVED',
      updatedAt: '2027-01-15T00:00:01.000Z',
    });
    expect(rig.balance()).toBe(350_050);
    expect(rig.debits()).toEqual([
      {
        number: 1,
        at: rig.now(),
        customer: 'maria',
        paymentId: created.id,
        amountCentavos: 149_950,
        requestReferenceNumber: created.requestReferenceNumber,
        balanceAfterCentavos: 350_050,
      },
    ]);
    expect(rig.kinds()).toEqual([]);
  });

  test('a wallet with too little in it declines, and its money stays', () => {
    const rig = createRig();
    const tokens = rig.open('jose');
    const { status, body } = rig.execute(tokens, rig.payment(tokens, 150.01));
    expect([status, body.status, body.reason]).toEqual([200, 'DECLINED', 'insufficient_balance']);
    expect(rig.balance('jose')).toBe(15_000);
    expect(rig.execute(tokens, rig.payment(tokens, 150)).body.status).toBe('APPROVED');
    expect(rig.balance('jose')).toBe(0);
  });

  test('an approved payment answers PY0010 ever after, and debits no more', () => {
    const rig = createRig({ accessTokenSeconds: 80_000, clientTokenSeconds: 80_000 });
    const tokens = rig.open();
    const id = rig.payment(tokens);
    rig.execute(tokens, id);
    for (const wait of [0, 70_000_000]) {
      rig.pass(wait);
      expect(rig.execute(tokens, id)).toMatchObject({
        status: 400,
        body: { code: 'PY0010', message: 'The payment has already been processed' },
      });
    }
    expect(rig.debits()).toHaveLength(1);
  });

  test.each([
    ['PY0010', 'PY0010'],
    ['code', 'PY0119'],
  ] as const)('a repeat after DECLINED under the setting %s answers %s', (repeatAfterDeclined, code) => {
    const rig = createRig({ repeatAfterDeclined });
    const tokens = rig.open('jose');
    const id = rig.payment(tokens, 1_000);
    expect(rig.execute(tokens, id).body.status).toBe('DECLINED');
    const repeat = rig.execute(tokens, id);
    expect([repeat.status, repeat.body.code]).toEqual([400, code]);
    expect(rig.debits('jose')).toEqual([]);
  });

  test.each([30, 900])('a payment expires %d s after create if it was never processed', (seconds) => {
    const rig = createRig({ paymentExpirySeconds: seconds, accessTokenSeconds: 5_000 });
    const tokens = rig.open();
    const [kept, late] = [rig.payment(tokens), rig.payment(tokens)];
    rig.pass(seconds * 1_000);
    expect(rig.execute(tokens, kept).body.status).toBe('APPROVED');
    rig.pass(1);
    expect(rig.execute(tokens, late)).toMatchObject({ status: 404, body: { code: 'PY0009' } });
    expect(rig.execute(tokens, kept).body.code).toBe('PY0010');
    expect(rig.maya.payments('maria').map(({ status }) => status)).toEqual(['APPROVED', 'EXPIRED']);
  });

  test('every answer waits for the latency', () => {
    const rig = createRig({ latencyMs: 50 });
    expect(rig.create(rig.open()).reply.afterMs).toBe(50);
  });
});

describe('what Maya Manager shows', () => {
  test('each payment with its executes, for one customer or all', () => {
    const rig = createRig();
    const maria = rig.open();
    const id = rig.payment(maria);
    rig.payment(rig.open('jose'));
    rig.maya.setScenario({ customer: 'maria', name: 'execute-timeout-charged' });
    rig.execute(maria, id);
    rig.execute(maria, id);

    expect(rig.maya.payments()).toHaveLength(2);
    expect(rig.maya.payments('maria')).toMatchObject([
      { id, status: 'APPROVED', executes: [{ answer: 'hang' }, { answer: '400 PY0010' }] },
    ]);
  });
});

describe('customers', () => {
  test('two at the start, more by request, edited in part', () => {
    const { maya } = createRig();
    expect(maya.customers().map(({ id, balanceCentavos }) => [id, balanceCentavos])).toEqual([
      ['maria', 500_000],
      ['jose', 15_000],
    ]);
    expect(maya.saveCustomer({ id: 'ana', balanceCentavos: 1 })).toEqual({
      id: 'ana',
      name: 'Customer ana',
      balanceCentavos: 1,
      kyc: 'verified',
      consent: true,
    });
    expect(maya.saveCustomer({ id: 'ana', kyc: 'none', age: 17 })).toMatchObject({
      balanceCentavos: 1,
      age: 17,
    });
    expect(maya.saveCustomer({}).id).toBe('customer-1');
    expect(() => maya.saveCustomer({ balanceCentavos: 1.5 })).toThrow('balanceCentavos');
    expect(() => maya.saveCustomer({ id: 'Not An Id' })).toThrow('small letters');
  });

  test('an unknown one is a mistake with a mend, wherever it is named', () => {
    const { maya } = createRig();
    for (const name of [
      () => maya.ledger('nobody'),
      () => maya.payments('nobody'),
      () => maya.log({ customer: 'nobody' }),
      () => maya.violations('nobody'),
      () => maya.launch('nobody'),
      () => maya.clearScenario('nobody'),
      () => maya.setScenario({ customer: 'nobody', name: 'approved' }),
    ]) {
      expect(name).toThrow(
        expect.objectContaining({
          status: 404,
          code: 'unknown_customer',
          mend: expect.stringContaining('maria, jose'),
        }),
      );
    }
  });
});

test('another way to pay takes from the same wallet, as far as it reaches, and is none of this ledger’s debits', () => {
  const rig = createRig();
  expect(rig.maya.takeFromWallet('maria', 500_001)).toBe(false);
  expect(rig.maya.takeFromWallet('maria', 490_000)).toBe(true);
  expect(rig.maya.takeFromWallet('nobody', 1)).toBe(false);
  expect([rig.balance(), rig.debits()]).toEqual([10_000, []]);
  const tokens = rig.open();
  expect(rig.execute(tokens, rig.payment(tokens, 101)).body).toMatchObject({ status: 'DECLINED' });
});

describe('settings', () => {
  test('change in part, and a wrong one is named', () => {
    const { maya } = createRig({ latencyMs: 5 });
    expect(maya.changeSettings({ slowMs: 1 })).toMatchObject({
      slowMs: 1,
      latencyMs: 5,
      accessTokenSeconds: 600,
    });
    expect(() => maya.changeSettings({ slowMs: 'soon' })).toThrow('slowMs');
    expect(() => maya.changeSettings({ speed: 1 })).toThrow('speed');
    expect(() => maya.changeSettings([])).toThrow(expect.objectContaining({ status: 400 }));
  });
});

describe('reset', () => {
  test('takes everything to the start but numbers and secrets, and a call open across it does no harm', () => {
    const rig = createRig();
    const tokens = rig.open();
    rig.execute(tokens, rig.payment(tokens));
    const open = rig.send(rig.refreshRequest(tokens));
    rig.maya.changeSettings({ slowMs: 1 });
    rig.maya.setScenario({ customer: 'maria', name: 'execute-404' });
    const { call } = rig.maya.launch('maria');
    const before = rig.maya.secrets().length;
    rig.maya.reset();
    rig.maya.ended(open.number, 'delivered');

    expect(rig.maya.launched(call?.number ?? 0, { kind: 'timeout' })).toMatchObject({ ok: false });
    expect(rig.balance()).toBe(500_000);
    expect(rig.debits()).toEqual([]);
    expect(rig.maya.log()).toEqual([]);
    expect(rig.maya.payments()).toEqual([]);
    expect(rig.maya.settings().slowMs).toBe(3_000);
    expect(rig.maya.activeScenarios()).toEqual({ everyone: null, active: {} });
    expect(rig.maya.secrets()).toHaveLength(before);
    expect(rig.create(tokens).status).toBe(401);
    expect(rig.maya.log()[0]?.number).toBeGreaterThan(open.number);
    expect(rig.kinds()).toEqual([]);
  });
});

test('the same seed gives the same ids and tokens', () => {
  const run = () => {
    const rig = createRig();
    const tokens = rig.open();
    return [tokens, rig.payment(tokens), rig.maya.secrets()];
  };
  expect(run()).toEqual(run());
});
