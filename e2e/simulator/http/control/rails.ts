import {
  scenarioNamed as ofEcommpay,
  scenarioWords as wordsOfEcommpay,
} from '../../ecommpay/scenarios/catalogue.ts';
import { Mistake } from '../../maya/mistake.ts';
import { scenarioNamed as ofMaya, scenarioWords as wordsOfMaya } from '../../maya/scenarios/catalogue.ts';
import { afterIn, type ControlHandler, type ControlRequest, customerIn, ok } from './control.ts';

/** What the control API says of both rails at once: the mini app's (Maya), and ECommPay's. */

type Rail = 'maya' | 'ecommpay';

/** `?rail=`; without it both are meant, or Maya alone where a customer of hers is named. */
function railIn({ query }: ControlRequest): Rail | undefined {
  const rail = query.get('rail') || undefined;
  if (rail === undefined || rail === 'maya' || rail === 'ecommpay') return rail;
  throw new Mistake(
    400,
    'unknown_rail',
    `There is no rail "${rail}".`,
    'Use maya or ecommpay, or leave it out.',
  );
}

const paymentIn = ({ query }: ControlRequest): string | undefined => query.get('payment') || undefined;

/** Whose entries of each rail are asked for; undefined where none are. */
function wanted(request: ControlRequest) {
  const customer = customerIn(request);
  const payment = paymentIn(request);
  const rail = railIn(request) ?? (payment ? 'ecommpay' : customer ? 'maya' : undefined);
  return {
    maya: rail === 'ecommpay' ? undefined : { customer },
    ecommpay: rail === 'maya' ? undefined : { customer, payment },
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const getScenario: ControlHandler = ({ maya, ecommpay }) =>
  ok({
    scenarios: wordsOfMaya(),
    ...maya.activeScenarios(),
    ecommpay: { scenarios: wordsOfEcommpay(), ...ecommpay.activeScenarios() },
  });

/** The name says of which rail it is. */
export const postScenario: ControlHandler = ({ maya, ecommpay }, { body }) => {
  const name = isRecord(body) && typeof body.name === 'string' ? body.name : undefined;
  if (name !== undefined && ofEcommpay(name)) return ok(ecommpay.setScenario(body));
  if (name === undefined || ofMaya(name)) return ok(maya.setScenario(body));
  const names = [...wordsOfMaya(), ...wordsOfEcommpay()].map((known) => known.name);
  throw new Mistake(
    400,
    'unknown_scenario',
    `There is no scenario "${name}".`,
    `Use one of ${names.join(', ')}.`,
  );
};

export const deleteScenario: ControlHandler = ({ maya, ecommpay }, request) => {
  const whose = wanted(request);
  if (whose.maya) maya.clearScenario(whose.maya.customer);
  if (whose.ecommpay) ecommpay.clearScenario(whose.ecommpay);
  return ok({ ...maya.activeScenarios(), ecommpay: ecommpay.activeScenarios() });
};

export const getSettings: ControlHandler = ({ maya, ecommpay }) =>
  ok({ ...maya.settings(), ecommpay: ecommpay.settings() });

export const postSettings: ControlHandler = (controls, request) => {
  const { maya, ecommpay } = controls;
  const { body } = request;
  if (!isRecord(body) || !('ecommpay' in body)) {
    maya.changeSettings(body);
  } else {
    const { ecommpay: patch, ...rest } = body;
    if (Object.keys(rest).length > 0) maya.changeSettings(rest);
    ecommpay.changeSettings(patch);
  }
  return getSettings(controls, request);
};

/** Both rails debit the same wallets. */
export const getLedger: ControlHandler = ({ maya, ecommpay }, request) => {
  const customer = customerIn(request);
  if (railIn(request) === 'ecommpay') return ok(ecommpay.ledger(customer));
  const { debits, payouts } = ecommpay.ledger();
  return ok({
    ...maya.ledger(customer),
    ecommpay: customer ? { debits: debits.filter(({ wallet }) => wallet === customer) } : { debits, payouts },
  });
};

export const getPayments: ControlHandler = ({ maya, ecommpay }, request) => {
  const whose = wanted(request);
  if (!whose.maya) return ok({ payments: ecommpay.payments(whose.ecommpay) });
  return ok({
    payments: maya.payments(whose.maya.customer),
    ...(whose.ecommpay ? { ecommpay: ecommpay.payments(whose.ecommpay) } : {}),
  });
};

const labelled = <Entry extends object>(rail: Rail, entries: readonly Entry[]) =>
  entries.map((entry) => ({ rail, ...entry }));

export const getLog: ControlHandler = ({ maya, ecommpay }, request) => {
  const after = afterIn(request);
  const whose = wanted(request);
  const entries = [
    ...(whose.maya ? labelled('maya', maya.log({ ...whose.maya, after })) : []),
    ...(whose.ecommpay ? labelled('ecommpay', ecommpay.log({ ...whose.ecommpay, after })) : []),
  ];
  return ok({ entries: entries.sort((a, b) => a.number - b.number) });
};

export const getViolations: ControlHandler = ({ maya, ecommpay }, request) => {
  const whose = wanted(request);
  const violations = [
    ...(whose.maya ? labelled('maya', maya.violations(whose.maya.customer)) : []),
    ...(whose.ecommpay ? labelled('ecommpay', ecommpay.violations(whose.ecommpay)) : []),
  ];
  return ok({ violations: violations.sort((a, b) => a.number - b.number) });
};

export const getSecrets: ControlHandler = ({ maya, ecommpay }) =>
  ok({ secrets: [...maya.secrets(), ...ecommpay.secrets()] });

export const postReset: ControlHandler = ({ maya, ecommpay, clock }) => {
  maya.reset();
  ecommpay.reset();
  clock.reset();
  return ok({ ok: true });
};

export const getCallbacks: ControlHandler = ({ ecommpay }, request) =>
  ok({ callbacks: ecommpay.callbacks(paymentIn(request)).map(({ body: _, ...delivery }) => delivery) });

export const postCallbacks: ControlHandler = (controls, request) => {
  controls.ecommpay.replay(request.body);
  return getCallbacks(controls, request);
};
