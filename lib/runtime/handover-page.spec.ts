import { parse } from 'node-html-parser';
import { describe, expect, test } from 'vitest';
import { handOverPage, handOverPolicy } from './handover-page.ts';

const WORDS = {
  title: 'Tala & Co',
  heading: 'On to the wallet',
  text: 'One moment',
  still: 'Still "waiting"',
  continue: 'Continue',
  back: 'Back',
};
const AROUND = { back: '/orders/1?key=k&x=1', lang: 'fil', nonce: 'n0nce' };
const EVIL = `https://pay.example/?a=1&b="'><script>alert(1)</script>`;

test('by GET: goes on by itself, and by a link', () => {
  const root = parse(handOverPage({ kind: 'go', address: EVIL }, WORDS, AROUND));
  expect(root.querySelector('meta[http-equiv=refresh]')?.getAttribute('content')).toBe(`0;url=${EVIL}`);
  expect(root.querySelector('main a')?.getAttribute('href')).toBe(EVIL);
  expect(root.querySelectorAll('script')).toHaveLength(0);
  expect(root.querySelector('a.quiet')?.getAttribute('href')).toBe(AROUND.back);
});

test('E17: by POST: a form that sends itself, and a button where scripts are off', () => {
  const fields = { token: `"><img src=x>`, submit: 'yes' };
  const onward = { kind: 'post', address: 'https://wallet.example/go?x=1', fields } as const;
  const root = parse(handOverPage(onward, WORDS, AROUND));
  const form = root.querySelector('form');
  expect(form?.getAttribute('method')).toBe('post');
  expect(form?.getAttribute('action')).toBe(onward.address);
  expect(
    Object.fromEntries(
      form
        ?.querySelectorAll('input')
        .map((input) => [input.getAttribute('name'), input.getAttribute('value')]) ?? [],
    ),
  ).toEqual(fields);
  expect(form?.querySelector('button')?.textContent).toBe('Continue');
  expect(root.querySelectorAll('img')).toHaveLength(0);
  expect(handOverPolicy(onward, 'n0nce')).toContain('form-action https: https://wallet.example;');
});

describe('while nobody knows where to', () => {
  const waiting = handOverPage({ kind: 'wait' }, WORDS, AROUND);
  const root = parse(waiting);

  test('the page stands still and looks; it is loaded anew only where scripts are off, and not in a hurry', () => {
    expect(root.querySelectorAll('head > meta[http-equiv]')).toEqual([]);
    const refresh = parse(root.querySelector('noscript')?.innerHTML ?? '').querySelectorAll('meta');
    expect(refresh.map((meta) => meta.getAttribute('http-equiv'))).toEqual(['refresh']);
    const seconds = Number(refresh[0]?.getAttribute('content'));
    expect(seconds).toBeGreaterThanOrEqual(3);
    expect(seconds).toBeLessThanOrEqual(5);
    expect(root.querySelector('script')?.text).toContain('fetch(');
    expect(handOverPolicy({ kind: 'wait' }, 'n0nce')).toContain("connect-src 'self'");
  });

  test('says what it does, in the title too, and after a while that it still does', () => {
    expect(root.querySelector('title')?.text).toBe('On to the wallet · Tala & Co');
    const said = root.querySelector('[role=status]');
    expect([said?.text, said?.getAttribute('data-still')]).toEqual(['One moment', 'Still "waiting"']);
  });

  test('after a minute it gives up politely', () => {
    const gaveUp = handOverPage({ kind: 'gave_up' }, WORDS, AROUND);
    expect(gaveUp).not.toContain('http-equiv');
    expect(gaveUp).not.toContain('<script');
  });
});

test.each([{ kind: 'go', address: 'https://a.example' }, { kind: 'wait' }, { kind: 'gave_up' }] as const)(
  '$kind lets no form lead anywhere',
  (onward) => {
    const policy = handOverPolicy(onward, 'n0nce');
    expect(policy).toContain("form-action 'none'");
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
  },
);
