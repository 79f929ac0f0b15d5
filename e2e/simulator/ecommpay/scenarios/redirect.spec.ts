import { describe, expect, test } from 'vitest';
import { bodyOf, createRig } from '../rig.ts';
import type { EcommpayScenarioName } from './catalogue.ts';

const redirectsOf = (name: EcommpayScenarioName) => {
  const rig = createRig();
  rig.scenario(name);
  rig.sale({ id: 'a' });
  rig.pass(5_000);
  return {
    rig,
    redirects: rig.received.map(
      ({ body }) => body.redirect_data as { url: string; method: string; body: object },
    ),
  };
};

const wallet = expect.stringMatching(/^http:\/\/localhost:4000\/payment\/wallet\?t=[\w-]{32}$/);

describe('E17: the redirect of a sale over Gate', () => {
  test.each([
    ['redirect-get', [{ url: wallet, method: 'GET', body: {} }]],
    [
      'redirect-post',
      [
        {
          url: 'http://localhost:4000/payment/wallet',
          method: 'POST',
          body: { t: expect.stringMatching(/^[\w-]{32}$/), lang: 'en' },
        },
      ],
    ],
    [
      'redirect-twice',
      [
        { url: wallet, method: 'GET', body: {} },
        { url: expect.stringMatching(/&again=1$/), method: 'GET', body: {} },
      ],
    ],
    ['redirect-never', []],
    ['redirect-empty-list', [{ url: wallet, method: 'GET', body: [] }]],
    ['redirect-http', [{ url: expect.stringMatching(/^http:\/\/pay\.example/), method: 'GET', body: {} }]],
    ['redirect-private', [{ url: expect.stringMatching(/^https:\/\/192\.168/), method: 'GET', body: {} }]],
    ['redirect-metadata', [{ url: 'https://[fe80::1]/Pay.aspx', method: 'GET', body: {} }]],
    ['redirect-credentials', [{ url: expect.stringMatching(/:pass@/), method: 'GET', body: {} }]],
    ['redirect-script', [{ url: expect.stringMatching(/^javascript:/), method: 'GET', body: {} }]],
    ['redirect-nested-body', [{ url: wallet, method: 'POST', body: { a: { b: 'c' } } }]],
    ['redirect-put', [{ url: wallet, method: 'PUT', body: {} }]],
  ] as const)('%s', (name, expected) => {
    const { rig, redirects } = redirectsOf(name);
    expect(redirects).toEqual(expected);
    rig.approve('a');
    rig.pass(2_000);
    expect(rig.payment('a').status).toBe('success');
  });

  test('redirect-twice comes a second apart, and both addresses lead to the wallet', () => {
    const { rig, redirects } = redirectsOf('redirect-twice');
    expect((rig.received[1]?.at ?? 0) - (rig.received[0]?.at ?? 0)).toBe(1_000);
    for (const { url } of redirects) {
      expect(rig.browse(url.slice('http://localhost:4000'.length)).text).toContain('Approve this payment?');
    }
  });

  test('redirect-post leads to the wallet by a form', () => {
    const { rig, redirects } = redirectsOf('redirect-post');
    const fields = redirects[0]?.body as Record<string, string>;
    expect(rig.submit('/payment/wallet', fields).text).toContain('Approve this payment?');
    expect(bodyOf(rig.received[0]?.text ?? '')).toHaveProperty('signature');
  });
});
