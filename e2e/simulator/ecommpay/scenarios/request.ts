import { json, type Outcome, refusal } from '../reply.ts';
import type { Scenario } from './scenario.ts';

const common = { group: 'request', touches: ['gate-sale', 'payout'], calls: 1 } as const;

const hang = (): Outcome => ({ kind: 'hang' });
const reset = (): Outcome => ({ kind: 'reset' });
const serverError = () => json(500, { status: 'error', message: 'Internal Server Error' });

/** What becomes of the request for a sale over Gate, or for a payout. The Payment Page has no such request. */
export const requestScenarios = [
  {
    ...common,
    name: 'answer-lost',
    title: 'Never answered, registered',
    what: 'The request is registered and never answered; the app asks for the status, and a repeat of the same id is refused with 3041.',
    answer: hang,
  },
  {
    ...common,
    name: 'answer-reset',
    title: 'Connection reset, registered',
    what: 'The request is registered and the connection breaks; the app asks for the status before anything else.',
    answer: reset,
  },
  {
    ...common,
    name: 'answer-500',
    title: '500, registered',
    what: 'The request is registered and answered 500; the app asks for the status before anything else.',
    answer: serverError,
  },
  {
    ...common,
    name: 'answer-not-json',
    title: 'A web page, registered',
    what: 'The request is registered and a gateway answers 200 with HTML; this proves nothing, so the app asks for the status.',
    answer: (): Outcome => ({
      kind: 'answer',
      status: 200,
      headers: { 'content-type': 'text/html' },
      body: '<html><body>Please wait</body></html>',
    }),
  },
  {
    ...common,
    name: 'answer-other-payment',
    title: 'Another payment in the answer, registered',
    what: 'The request is registered and the answer speaks of another payment id; this proves nothing, so the app asks for the status.',
    answer: ({ paymentId, world }) =>
      json(200, {
        status: 'success',
        request_id: '0',
        project_id: world.credentials.projectId,
        payment_id: `${paymentId}-other`,
      }),
  },
  {
    ...common,
    name: 'answer-3041',
    title: '3041 at once, registered',
    what: 'The request is registered and answered 3041, as if the network had sent it twice; the app asks for the status.',
    answer: () => refusal(3041),
  },
  {
    ...common,
    name: 'request-lost',
    title: 'Never answered, not registered',
    what: 'Nothing is registered and nothing answered; the status says 3061, and the app may send the same id again after ten minutes.',
    forgets: true,
    answer: hang,
  },
  {
    ...common,
    name: 'request-500',
    title: '500, not registered',
    what: 'Nothing is registered and 500 answered; the status says 3061, and the app may send the same id again after ten minutes.',
    forgets: true,
    answer: serverError,
  },
  {
    ...common,
    name: 'request-refused-200',
    title: 'Refused in a 200',
    what: 'Nothing is registered, and HTTP 200 carries status "error" with code 314; the app must not take it for success.',
    forgets: true,
    answer: () =>
      json(200, { status: 'error', code: '314', message: 'Payment provider is not available now' }),
  },
  {
    ...common,
    name: 'request-refused-number',
    title: 'Refused with a number for a code',
    what: 'Nothing is registered, and the code in the refusal is the number 303, not a text.',
    forgets: true,
    answer: () => json(403, { status: 'error', code: 303, message: 'Access denied' }),
  },
  {
    ...common,
    name: 'request-forbidden',
    title: '403 without a body',
    what: 'Nothing is registered and a bare 403 answered, as to an address that is not on the list; the status says 3061.',
    forgets: true,
    answer: (): Outcome => ({ kind: 'answer', status: 403, headers: {}, body: '' }),
  },
  {
    ...common,
    name: 'duplicate-3613',
    title: 'Refused with 3613: duplicate',
    what: 'Refused as a duplicate of an operation with the same customer and amount; nothing is registered, the app tries no other id, and staff decides.',
    refuses: 3613,
  },
  {
    ...common,
    name: 'callback-before-answer',
    title: 'Callback before the answer',
    what: 'The answer waits two seconds (answerLateMs) and the first callbacks come meanwhile; the app knows the payment already.',
    answersLate: true,
  },
] as const satisfies readonly Scenario[];
