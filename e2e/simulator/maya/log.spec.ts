import { describe, expect, test } from 'vitest';
import { createRig } from './rig.ts';

describe('the log', () => {
  test('has every call both ways, and how it ended', () => {
    const rig = createRig();
    const tokens = rig.open();
    const request = rig.createRequest(tokens);
    const { number } = rig.send(request);
    expect(rig.maya.log().at(-1)).toMatchObject({ status: 200, tookMs: null, delivered: null });
    rig.pass(30);
    rig.maya.ended(number, 'lost');

    expect(rig.maya.log()).toMatchObject([
      {
        number: 1,
        direction: 'to-app',
        call: 'session',
        path: '/api/maya/session',
        customer: 'maria',
        status: 200,
      },
      { number: 2, direction: 'to-maya', call: 'client-token', customer: null, requestReferenceNumber: null },
      {
        number: 3,
        call: 'create',
        method: 'POST',
        path: '/merchant/payments',
        customer: 'maria',
        requestReferenceNumber: request.headers['request-reference-no'],
        status: 200,
        tookMs: 30,
        delivered: false,
        scenario: null,
      },
    ]);
    expect(rig.maya.log({ after: 2 })).toHaveLength(1);
    expect(rig.maya.log({ customer: 'jose' })).toEqual([]);
  });

  test('keeps the newest 2,000', () => {
    const rig = createRig();
    for (let count = 0; count < 2_010; count++) rig.ask({ method: 'GET', path: '/x', headers: {}, body: '' });
    const numbers = rig.maya.log().map(({ number }) => number);
    expect([numbers.length, numbers[0], numbers.at(-1)]).toEqual([2_000, 11, 2_010]);
  });

  test('holds no secret, though requests, answers and addresses were full of them', () => {
    const app = {
      sessionUrl: 'http://localhost/api/maya/session/a-secret-part',
      landingUrl: 'http://localhost/launch',
    };
    const rig = createRig({}, { secrets: ['a-secret-part'], app });
    const tokens = rig.open();
    rig.execute(tokens, rig.payment(tokens));
    rig.profile(tokens);
    rig.refresh(tokens);
    rig.refresh(tokens);
    rig.ask(rig.tokenRequest({}, 'grant_type=client_credentials&client_secret=a-client-secret'));
    rig.ask(
      rig.createRequest(tokens, 1, { 'x-authorization': `Bearer ${tokens.accessToken}`, cookie: 'a=b' }),
    );
    rig.ask(rig.refreshRequest(tokens, {}, `{"refreshToken":"${tokens.refreshToken.slice(0, 300)}`));

    const text = JSON.stringify([rig.maya.log(), rig.maya.violations()]);
    const secrets = rig.maya.secrets();
    expect(new Set(secrets.map(({ kind }) => kind))).toEqual(
      new Set([
        'client-secret',
        'basic-credentials',
        'other',
        'client-token',
        'access-token',
        'refresh-token',
        'session-id',
      ]),
    );
    for (const { kind, value } of secrets) {
      expect(text.includes(value), kind).toBe(false);
      if (value.length > 100) expect(text.includes(value.slice(8, 60)), kind).toBe(false);
    }
    expect(text).toContain(`eyJhbGci…(${tokens.accessToken.length})`);
    expect(text).toContain(`Bearer eyJhbGci…(${rig.clientToken().length})`);
    expect(text).toContain('/api/maya/session/…(13)');
    expect(text).not.toContain('a=b');
  });
});
