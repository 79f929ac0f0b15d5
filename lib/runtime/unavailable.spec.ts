import { parse } from 'node-html-parser';
import { describe, expect, test } from 'vitest';
import { testSettings } from '#e2e/rig/settings.ts';
import { unavailable } from './unavailable.ts';

const settings = testSettings();

async function page(asked: { isForm?: boolean; locale?: string; accept?: string } = {}, of = settings) {
  const answer = unavailable(
    {
      headers: new Headers(asked.accept ? { 'accept-language': asked.accept } : {}),
      cookie: (name) => (name === 'locale' ? asked.locale : undefined),
      isForm: asked.isForm ?? false,
    },
    of,
  );
  const text = await answer.text();
  return { answer, text, root: parse(text) };
}

describe('D1: the store is gone', () => {
  test.each([
    [{ locale: 'fil' }, 'fil', 'Babalik kami agad'],
    [{ accept: 'tl-PH,en;q=0.5' }, 'fil', 'Babalik kami agad'],
    [{ locale: 'en', accept: 'fil' }, 'en', 'We will be right back'],
    [{}, 'en', 'We will be right back'],
  ])('is said in the customer’s language: %j', async (asked, lang, heading) => {
    const { root } = await page(asked);
    expect(root.querySelector('html')?.getAttribute('lang')).toBe(lang);
    expect(root.querySelector('h1')?.text).toBe(heading);
  });

  test('whoever sent a form learns that nothing was sent on', async () => {
    expect((await page({ isForm: true })).root.querySelector('[role=status]')?.text).toContain(
      'Nothing was sent',
    );
    expect((await page()).root.querySelector('[role=status]')?.text).not.toContain('Nothing was sent');
  });

  test('is told to machines too, and kept by nobody', async () => {
    const { answer } = await page();
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
  });

  test('leads back to its own address by GET, and goes on by itself', async () => {
    const { root } = await page();
    expect(root.querySelector('main a')?.getAttribute('href')).toBe('');
    expect(root.querySelectorAll('form')).toEqual([]);
    expect(root.querySelector('noscript')?.innerHTML).toContain('http-equiv="refresh"');
    expect(root.querySelector('script')?.text).toContain('"/api/ready"');
  });

  test('with a policy that allows nothing unsafe, and no frame but the simulator’s', async () => {
    const policyOf = async (of: typeof settings) =>
      (await page({}, of)).answer.headers.get('content-security-policy') ?? '';
    expect(await policyOf(settings)).toContain('frame-ancestors http://localhost:4000');
    const sold = await policyOf({ ...settings, MAYA_MODE: 'production' });
    expect(sold).toContain("frame-ancestors 'none'");
    expect(sold).not.toContain('unsafe');
  });
});
