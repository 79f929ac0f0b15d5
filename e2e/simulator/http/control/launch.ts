import { z } from 'zod';
import { Mistake } from '../../maya/mistake.ts';
import { type ControlHandler, customerIn, ok } from './control.ts';

const input = z.strictObject({ customer: z.string().min(1) });

const noCustomer = () =>
  new Mistake(400, 'customer_missing', 'No customer is named.', 'Name one, such as {"customer": "maria"}.');

/** The answer to the page and to tests: 200 with `ok` true or false. */
export const postLaunch: ControlHandler = async ({ launch }, { body }) => {
  const parsed = input.safeParse(body);
  if (!parsed.success) throw noCustomer();
  return ok(await launch(parsed.data.customer));
};

/** For a browser's address line: straight to the landing page, or a page that says why not. */
export const getLaunch: ControlHandler = async ({ launch }, request) => {
  const customer = customerIn(request);
  if (!customer) throw noCustomer();
  const result = await launch(customer);
  if (result.ok) return { redirect: result.landingUrl };
  return { status: 502, page: { title: "The app can't be opened", text: result.detail } };
};
