import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createRig, refusalOf } from './rig.ts';
import { VIOLATION_KINDS } from './violations.ts';

test('an entry names call, customer and number, and is listed by customer', () => {
  const rig = createRig();
  const tokens = rig.open('jose');
  const { reply } = rig.ask(rig.executeRequest(tokens, rig.payment(tokens), { 'request-reference-no': 'x' }));
  expect(rig.maya.violations('jose')).toEqual([
    {
      at: rig.now(),
      kind: 'reference-not-uuid4',
      call: 'execute',
      detail: 'Request-Reference-No must be a UUIDv4',
      customer: 'jose',
      number: reply.number,
    },
  ]);
  expect(rig.maya.violations('maria')).toEqual([]);
});

describe('addresses', () => {
  test('another method, a query and a made-up path', () => {
    const rig = createRig();
    const request = rig.profileRequest(rig.open());
    for (const wrong of [{ method: 'PUT' }, { path: '/profile?full=1' }, { path: '/merchant/payments/1' }]) {
      expect(rig.ask({ ...request, ...wrong }).status).toBe(404);
    }
    expect(rig.kinds()).toEqual(['endpoint-unknown', 'endpoint-unknown', 'endpoint-unknown']);
  });

  test('a body on the profile', () => {
    const rig = createRig();
    expect(refusalOf(rig.ask(rig.profileRequest(rig.open(), {}, '{}')))).toEqual([400, '2553']);
    expect(rig.kinds()).toEqual(['body-malformed']);
  });
});

describe('execute', () => {
  test('an id that was never created', () => {
    const rig = createRig();
    const answered = rig.execute(rig.open(), '11111111-1111-4111-8111-111111111111');
    expect(refusalOf(answered)).toEqual([404, 'PY0009']);
    expect(rig.kinds()).toEqual(['payment-unknown']);
  });

  test("another customer's payment; another session of the same customer is fine", () => {
    const rig = createRig();
    const id = rig.payment(rig.open());
    expect(refusalOf(rig.execute(rig.open('jose'), id))).toEqual([403, 'PY0019']);
    expect(rig.kinds()).toEqual(['payment-of-another-customer']);
    expect(rig.execute(rig.open(), id).body.status).toBe('APPROVED');
    expect(rig.kinds()).toHaveLength(1);
  });

  test('a first execute later than 20 s is processed and noted; a repeat may be as late as it likes', () => {
    const rig = createRig();
    const tokens = rig.open();
    const [prompt, late] = [rig.payment(tokens), rig.payment(tokens)];
    rig.pass(20_000);
    rig.execute(tokens, prompt);
    rig.pass(1);
    rig.execute(tokens, prompt);
    expect(rig.kinds()).toEqual([]);
    expect(rig.execute(tokens, late).body.status).toBe('APPROVED');
    expect(rig.kinds()).toEqual(['execute-late']);
  });

  test('a first execute that was refused for its token is a first execute all the same', () => {
    const rig = createRig();
    const tokens = rig.open();
    const id = rig.payment(tokens);
    rig.maya.setScenario({ customer: 'maria', name: 'token-expired-execute' });
    expect(rig.execute(tokens, id).status).toBe(401);
    rig.pass(21_000);
    const fresh = { ...tokens, ...rig.refresh(tokens).body };
    expect(rig.execute(fresh, id).body.status).toBe('APPROVED');
    expect(rig.kinds()).toEqual([]);
  });

  test('two of one id at once are processed one after the other and noted', () => {
    const rig = createRig();
    const tokens = rig.open();
    const [one, other] = [rig.payment(tokens), rig.payment(tokens)];
    const first = rig.send(rig.executeRequest(tokens, one));
    rig.execute(tokens, other);
    expect(rig.kinds()).toEqual([]);
    expect(rig.execute(tokens, one).body.code).toBe('PY0010');
    expect(rig.kinds()).toEqual(['executes-overlapping']);

    rig.maya.ended(first.number, 'lost');
    rig.execute(tokens, one);
    expect(rig.kinds()).toEqual(['executes-overlapping']);
  });
});

test('two refreshes of one session at once', () => {
  const rig = createRig();
  const tokens = rig.open();
  rig.send(rig.refreshRequest(tokens));
  rig.refresh(tokens);
  expect(rig.kinds()).toEqual(['refreshes-overlapping']);
});

test('every kind is tried in a spec', () => {
  const specs = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.spec.ts'))
    .map((file) => readFileSync(path.join(import.meta.dirname, file), 'utf8'))
    .join();
  expect(VIOLATION_KINDS.filter((kind) => !specs.includes(`'${kind}'`))).toEqual([]);
});
