import { type PageParameters, readPageParameters } from '../checks/page-parameters.ts';
import { isEmail } from '../checks/rules.ts';
import type { Code } from '../codes.ts';
import { expiredPage, paymentForm, refusedPage } from '../hosted/payment-form.ts';
import { isWaiting, resultPage } from '../hosted/result-page.ts';
import { decidedPage, unknownPage, walletPage } from '../hosted/wallet-page.ts';
import { isFinal, type Payment } from '../payments/payment.ts';
import { decide, isUndecided, registerSale, walletAddress } from '../payments/sale.ts';
import { type Outcome, page, seeOther } from '../reply.ts';
import { stringToSign } from '../signature/sign.ts';
import type { World } from '../world.ts';
import { type Call, report, reportViolation } from './call.ts';
import { obstacleTo } from './obstacle.ts';

/** The pages that a customer sees: the Payment Page, the wallet's, and the result. */

const DUPLICATE_ID: Code = 3041;
const LOOKS_AGAIN_SECONDS = 2;

const queryOf = ({ request }: Call): string => request.path.split('?', 2)[1] ?? '';
const resultAddress = (payment: Payment): string => `/payment/result?t=${payment.token}`;

/** `GET` and `POST /payment?…`: the form, and the customer's confirmation, which registers the payment. */
export function paymentPage(world: World, call: Call): Outcome {
  const asked = readPageParameters(queryOf(call), world.credentials, world.settings);
  call.payment = asked.paymentId;
  call.customer = asked.customerId;
  report(world, call, asked.problems);
  const [problem] = asked.problems;
  if (problem) return page(400, refusedPage(problem.code, problem.detail));

  const known = world.payments.find(asked.paymentId);
  if (known) return knownPayment(world, call, known, asked);
  if (asked.bestBefore <= world.now()) return page(410, expiredPage(asked.links.back ?? asked.links.decline));

  const form = { merchantName: world.merchantName, action: call.request.path };
  if (call.request.method !== 'POST') return page(200, paymentForm(asked, form));
  const email = new URLSearchParams(call.request.body).get('email') ?? '';
  if (!isEmail(email)) {
    return page(200, paymentForm(asked, { ...form, email, mistake: 'This is not an e-mail address.' }));
  }
  return confirm(world, call, asked, email);
}

const identity = (asked: PageParameters): string => `page ${stringToSign(asked.tree)}`;

function knownPayment(world: World, call: Call, known: Payment, asked: PageParameters): Outcome {
  if (known.asked === identity(asked)) {
    return seeOther(isUndecided(known) ? walletAddress(world, known) : resultAddress(known));
  }
  reportViolation(world, call, 'payment-id-reused', 'The payment id was used with another request before');
  return page(400, refusedPage(DUPLICATE_ID));
}

function confirm(world: World, call: Call, asked: PageParameters, email: string): Outcome {
  const { paymentId, customerId, sum, description, links, callbackUrl } = asked;
  const scenario = world.book.use('page-sale', { payment: paymentId, customer: customerId });
  if (scenario) call.scenario = scenario.name;
  const obstacle = scenario?.refuses ?? obstacleTo(world, call, 'sale', asked);
  if (obstacle !== undefined) return page(400, refusedPage(obstacle));
  const payment = registerSale(
    world,
    {
      id: paymentId,
      through: 'page',
      customerId,
      email,
      sum,
      description,
      links,
      callbackUrl: callbackUrl || world.callbackUrl,
      callbackDelayMs: 0,
      asked: identity(asked),
    },
    scenario,
  );
  return seeOther(walletAddress(world, payment));
}

const paymentIn = (world: World, call: Call, parameters: URLSearchParams): Payment | undefined => {
  const payment = world.payments.withToken(parameters.get('t') ?? '');
  call.payment = payment?.id ?? '';
  call.customer = payment?.customerId ?? '';
  if (payment?.scenario) call.scenario = payment.scenario.name;
  return payment;
};

/** Where the wallet sends the customer, whatever was said: before the result is known to anybody. */
function afterWallet(payment: Payment, does: 'approve' | 'cancel'): string | undefined {
  if (payment.through === 'page') return resultAddress(payment);
  const { success, decline } = payment.links;
  return does === 'cancel' ? (decline ?? success) : success;
}

/** `GET` and `POST /payment/wallet`: by an address, by a form of the merchant's, and the customer's own answer. */
export function wallet(world: World, call: Call): Outcome {
  const isPost = call.request.method === 'POST';
  const parameters = new URLSearchParams(isPost ? call.request.body : queryOf(call));
  const payment = paymentIn(world, call, parameters);
  if (!payment) return page(404, unknownPage());
  if (!isUndecided(payment)) return page(200, decidedPage(afterWallet(payment, 'approve')));

  const wallets = world.wallets.list();
  const does = isPost ? parameters.get('does') : null;
  const chosen = wallets.find(({ id }) => id === parameters.get('wallet'));
  if ((does !== 'approve' && does !== 'cancel') || !chosen) {
    return page(200, walletPage(payment, { merchantName: world.merchantName, wallets }));
  }
  decide(world, payment, does, chosen.id);
  const next = afterWallet(payment, does);
  return next ? seeOther(next) : page(200, decidedPage(undefined));
}

/** `GET /payment/result`: the Payment Page's own end. */
export function result(world: World, call: Call): Outcome {
  const payment = paymentIn(world, call, new URLSearchParams(queryOf(call)));
  if (!payment) return page(404, unknownPage());
  const { links, status } = payment;
  const next = status === 'success' ? links.success : links.decline;
  if (links.automatic && isFinal(payment) && next) return seeOther(next);
  const options = {
    merchantName: world.merchantName,
    walletUrl: walletAddress(world, payment),
    ownUrl: resultAddress(payment),
  };
  return page(
    200,
    resultPage(payment, options),
    isWaiting(payment) ? { refresh: String(LOOKS_AGAIN_SECONDS) } : {},
  );
}
