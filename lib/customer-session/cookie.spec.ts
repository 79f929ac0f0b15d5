import { sealData } from 'iron-session';
import { describe, expect, test } from 'vitest';
import { type CookieSettings, cookieName, readCookie, writeCookie } from './cookie.ts';

const ROW = '0199a2b0-0000-7000-8000-000000000001';
const PASSWORD = 'the present password of this shop, long enough';
const OLD_PASSWORD = 'the password of the year before, long enough';

const plain: CookieSettings = { secure: false, password: PASSWORD, passwordPrevious: undefined };
const https: CookieSettings = { ...plain, secure: true };

/** The shape of Next's `cookies()`, with what was written into it. */
function jar(cookies: Record<string, string> = {}) {
  const held = new Map(Object.entries(cookies));
  const written: { name: string; value: string; attributes: Record<string, unknown> }[] = [];
  return {
    written,
    get: (name: string) => {
      const value = held.get(name);
      return value === undefined ? undefined : { name, value };
    },
    getAll: () => [...held].map(([name, value]) => ({ name, value })),
    set: (name: string, value: string, attributes: object) => {
      held.set(name, value);
      written.push({ name, value, attributes: { ...attributes } });
    },
  };
}

async function written(settings: CookieSettings) {
  const browser = jar();
  await writeCookie(browser, settings, ROW);
  const [cookie, ...more] = browser.written;
  if (!cookie) throw new Error('nothing was written');
  expect(more).toEqual([]);
  return { browser, cookie };
}

describe('what the browser is given', () => {
  test('over http: HttpOnly, SameSite=Lax, the whole site, a day', async () => {
    const { cookie } = await written(plain);
    expect(cookie.name).toBe('customer');
    expect(cookie.attributes).toEqual({
      httpOnly: true,
      sameSite: 'lax',
      path: '/',
      secure: false,
      maxAge: 24 * 60 * 60 - 60,
    });
  });

  test('over https also Secure and the prefix __Host-, which forbids a domain', async () => {
    const { cookie } = await written(https);
    expect(cookie.name).toBe('__Host-customer');
    expect(cookie.attributes).toMatchObject({ secure: true, path: '/', httpOnly: true, sameSite: 'lax' });
    expect(cookie.attributes).not.toHaveProperty('domain');
    expect([cookieName(true), cookieName(false)]).toEqual(['__Host-customer', 'customer']);
  });

  test('B4: an opaque id and nothing else, which cannot be read', async () => {
    const { cookie, browser } = await written(plain);
    expect(cookie.value).not.toContain(ROW);
    expect(await readCookie(browser, plain)).toBe(ROW);
  });

  test('A15: far below what a browser keeps', async () => {
    const { cookie } = await written(https);
    expect(Buffer.byteLength(`${cookie.name}=${cookie.value}`)).toBeLessThan(1_024);
  });

  test('reading writes nothing', async () => {
    const { browser } = await written(plain);
    await readCookie(browser, plain);
    expect(browser.written).toHaveLength(1);
  });
});

describe('what is read', () => {
  test('no cookie: nobody', async () => {
    expect(await readCookie(jar(), plain)).toBeNull();
  });

  test('a cookie of the previous password still opens, and is written with the present one', async () => {
    const rotated = { ...plain, passwordPrevious: OLD_PASSWORD };
    const { browser } = await written({ ...plain, password: OLD_PASSWORD });
    expect(await readCookie(browser, rotated)).toBe(ROW);
    await writeCookie(browser, rotated, ROW);
    expect(await readCookie(browser, plain)).toBe(ROW);
  });

  test('a cookie of another password is nobody', async () => {
    const { browser } = await written({ ...plain, password: OLD_PASSWORD });
    expect(await readCookie(browser, plain)).toBeNull();
    const other = { ...plain, passwordPrevious: 'another password, which is also long enough' };
    expect(await readCookie(browser, other)).toBeNull();
  });

  test.each([
    ['empty', ''],
    ['garbage', 'garbage'],
    ['half a seal', 'Fe26.2*1*abc'],
    ['not even text of a cookie', '\u0000%%%'],
  ])('a cookie that is %s is nobody', async (_name, value) => {
    expect(await readCookie(jar({ customer: value }), plain)).toBeNull();
  });

  test('an altered cookie is nobody', async () => {
    const { cookie } = await written(plain);
    const swapped = cookie.value.replace(/[a-z]/, (letter) => (letter === 'a' ? 'b' : 'a'));
    expect(await readCookie(jar({ customer: swapped }), plain)).toBeNull();
  });

  test('a seal of ours that holds something else is nobody', async () => {
    for (const content of [{}, { row: 7 }, { row: null }, { row: { id: ROW } }]) {
      const value = await sealData(content, { password: PASSWORD, ttl: 3_600 });
      expect(await readCookie(jar({ customer: value }), plain)).toBeNull();
    }
  });

  test('over https a cookie without the prefix counts for nothing: another host may have planted it', async () => {
    const { cookie } = await written(plain);
    expect(await readCookie(jar({ customer: cookie.value }), https)).toBeNull();
  });
});
