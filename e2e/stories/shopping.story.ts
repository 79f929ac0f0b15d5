import { expect, test } from './fixtures.ts';

test('an item with options: chosen, counted, changed, paid', async ({ phone }) => {
  await phone.openShop();
  await phone.shop.getByRole('link', { name: 'Kapeng Barako', exact: true }).click();
  await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Kapeng Barako');
  await phone.shop.getByRole('radio', { name: /500 g/ }).check();
  await phone.shop.getByRole('radio', { name: 'For drip' }).check();
  await phone.shop.getByLabel('Quantity').selectOption('2');
  await phone.shop.getByRole('button', { name: 'Add to cart' }).click();
  await expect(phone.shop.getByText('Added to your cart.')).toBeVisible();
  await phone.shop.getByRole('link', { name: 'Cart, 2 items' }).click();
  await expect(phone.shop.getByText('500 g, For drip')).toBeVisible();
  await phone.shop.getByRole('spinbutton', { name: 'Quantity' }).fill('1');
  await phone.shop.getByRole('button', { name: 'Change quantity of Kapeng Barako' }).click();
  await expect(phone.shop.getByRole('link', { name: 'Cart, 1 item' })).toBeVisible();
  await phone.shop.getByRole('button', { name: 'Check out' }).click();
  await phone.shop.getByRole('button', { name: 'Pay ₱725.00' }).click();
  await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
  await expect(phone.shop.getByText('500 g, For drip')).toBeVisible();
});

test('C9: a bill takes an amount within its limits, however it is typed, and nothing else', async ({
  phone,
}) => {
  await phone.openShop();
  const amount = phone.shop.getByLabel('Amount in pesos');
  const add = phone.shop.getByRole('button', { name: 'Add to cart' });
  await phone.shop.getByRole('link', { name: 'Pay my bill', exact: true }).click();
  for (const wrong of ['19.99', '20000.01', '-50', '1e3', '12.345', 'NaN']) {
    await amount.fill(wrong);
    await add.click();
    await expect(phone.shop.getByText('Type an amount within the limits')).toBeVisible();
    await expect(amount).toHaveValue('');
  }
  await amount.fill('₱1,250.75');
  await add.click();
  await phone.shop.getByRole('link', { name: 'Cart, 1 item' }).click();
  await phone.shop.getByRole('button', { name: 'Check out' }).click();
  await phone.shop.getByRole('button', { name: 'Pay ₱1,250.75' }).click();
  await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
  expect(phone.debits()).toBe(1);
});

test('the cart can be emptied, and the order cancelled', async ({ phone }) => {
  await phone.openShop();
  await phone.goToCheckout();
  await expect(phone.shop.getByText(/min left to pay/)).toBeVisible();
  await phone.shop.getByRole('button', { name: 'Cancel order' }).click();
  await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Order cancelled');
  await phone.shop.getByRole('link', { name: 'Cart, 1 item' }).click();
  await phone.shop.getByRole('button', { name: 'Remove Tablea de Davao, 12 pieces' }).click();
  await expect(phone.shop.getByText('Nothing in it yet.')).toBeVisible();
  expect(phone.debits()).toBe(0);
});

test('C10: a cart that was changed on another page is shown anew before it becomes an order', async ({
  phone,
  page,
  stage,
}) => {
  await phone.openShop();
  await phone.shop.getByRole('button', { name: 'Add Tablea de Davao, 12 pieces to cart' }).click();
  await phone.shop.getByRole('link', { name: 'Cart, 1 item' }).click();
  await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Your cart');
  const second = await page.context().newPage();
  await second.goto(`${stage.appUrl}/cart`);
  await second.getByRole('spinbutton', { name: 'Quantity' }).fill('2');
  await second.getByRole('button', { name: /^Change quantity/ }).click();
  await expect(second.getByRole('link', { name: 'Cart, 2 items' })).toBeVisible();

  await expect(phone.shop.getByText('₱220.50').first()).toBeVisible();
  await phone.shop.getByRole('button', { name: 'Check out' }).click();
  await expect(phone.shop.getByText('Your cart or a price changed. Please check it')).toBeVisible();
  await expect(phone.shop.getByText('₱441.00').first()).toBeVisible();
  await phone.shop.getByRole('button', { name: 'Check out' }).click();
  await phone.shop.getByRole('button', { name: 'Pay ₱441.00' }).click();
  await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
  expect(phone.debits()).toBe(1);
});
