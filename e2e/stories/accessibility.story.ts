import { SCENES } from '../pictures/scenes.ts';
import { expectEveryLook } from './every-look.ts';
import { expect, test } from './fixtures.ts';

test.describe('every page', () => {
  // A page that does not exist answers so.
  test.use({ expectedErrors: { patterns: [/404/] } });

  for (const scene of SCENES)
    test(`F8: ${scene.name}: axe finds nothing, and it fits at 320 px and with text twice as large`, async ({
      page,
      openScene,
    }) => {
      await expectEveryLook(page, (locale) => openScene(scene.name, locale));
    });
});

test('targets are large enough for a thumb', async ({ page, openScene }) => {
  for (const name of ['shop', 'cart', 'checkout', 'approved']) {
    await openScene(name);
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('button, select, nav a, main a')]
        .filter((element) => element.getAttribute('aria-hidden') !== 'true')
        .map((element) => ({ element, box: element.getBoundingClientRect() }))
        .filter(({ element, box }) => box.height > 0 && box.height < 44 && element.closest('h3') === null)
        .map(({ element }) => element.outerHTML),
    );
    expect(small).toEqual([]);
  }
});

test('F8: from the shop to the receipt by keyboard alone; the result takes the focus', async ({
  page,
  openScene,
}) => {
  await openScene('shop');
  const press = async (name: string | RegExp, key = 'Enter') => {
    const target = page.getByRole('button', { name }).or(page.getByRole('link', { name })).first();
    await expect(target).toBeVisible();
    for (let tab = 0; tab < 80; tab += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) break;
      await page.keyboard.press('Tab');
    }
    await expect(target).toBeFocused();
    await page.keyboard.press(key);
  };
  await press('Add Tablea de Davao, 12 pieces to cart', 'Space');
  await press(/^Cart, 1 item/);
  await press('Check out');
  await press('Pay ₱220.50');
  const heading = page.getByRole('heading', { level: 1 });
  await expect(heading).toHaveText('Payment successful');
  await expect(heading).toBeFocused();
});

test('whoever wants less motion gets none', async ({ page, openScene }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openScene('confirming-by-hand');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Confirming your payment');
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
});

test('while the payment is sent, a thread runs along the button, which stays as large; with less motion none does', async ({
  phone,
  page,
}) => {
  for (const reducedMotion of ['no-preference', 'reduce'] as const) {
    await page.emulateMedia({ reducedMotion });
    await phone.openShop();
    await phone.goToCheckout();
    phone.scenario('everything-slow');
    const pay = phone.shop.getByRole('button', { name: 'Pay ₱220.50' });
    await pay.scrollIntoViewIfNeeded();
    const before = await pay.boundingBox();
    await pay.click();
    const sending = phone.shop.getByRole('button', { name: 'Paying', exact: true });
    expect(await sending.boundingBox()).toEqual(before);
    const running = await sending.evaluate((button) => button.getAnimations({ subtree: true }).length);
    expect(running).toBe(reducedMotion === 'reduce' ? 0 : 1);
    await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
  }
});
