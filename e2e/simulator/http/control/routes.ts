import { Mistake } from '../../maya/mistake.ts';
import { scenarioWords } from '../../maya/scenarios/catalogue.ts';
import { afterIn, type ControlHandler, customerIn, ok } from './control.ts';
import { getLaunch, postLaunch } from './launch.ts';

/** Address under `/_sim/`, then method. Documented with examples in the simulator's README. */
const ROUTES: Record<string, Partial<Record<string, ControlHandler>>> = {
  launch: { GET: getLaunch, POST: postLaunch },
  scenario: {
    GET: ({ maya }) => ok({ scenarios: scenarioWords(), ...maya.activeScenarios() }),
    POST: ({ maya }, { body }) => ok(maya.setScenario(body)),
    DELETE: ({ maya }, request) => ok(maya.clearScenario(customerIn(request))),
  },
  settings: {
    GET: ({ maya }) => ok(maya.settings()),
    POST: ({ maya }, { body }) => ok(maya.changeSettings(body)),
  },
  customers: {
    GET: ({ maya }) => ok({ customers: maya.customers() }),
    POST: ({ maya }, { body }) => ok(maya.saveCustomer(body ?? {})),
  },
  ledger: { GET: ({ maya }, request) => ok(maya.ledger(customerIn(request))) },
  payments: { GET: ({ maya }, request) => ok({ payments: maya.payments(customerIn(request)) }) },
  log: {
    GET: ({ maya }, request) =>
      ok({ entries: maya.log({ customer: customerIn(request), after: afterIn(request) }) }),
  },
  violations: { GET: ({ maya }, request) => ok({ violations: maya.violations(customerIn(request)) }) },
  secrets: { GET: ({ maya }) => ok({ secrets: maya.secrets() }) },
  reset: {
    POST: ({ maya }) => {
      maya.reset();
      return ok({ ok: true });
    },
  },
};

/** Throws a `Mistake` that lists what there is. */
export function controlHandler(method: string, name: string): ControlHandler {
  const methods = Object.hasOwn(ROUTES, name) ? ROUTES[name] : undefined;
  if (!methods) {
    const known = Object.keys(ROUTES).map((route) => `/_sim/${route}`);
    throw new Mistake(404, 'not_found', 'There is nothing here.', `Use one of ${known.join(', ')}.`);
  }
  const handler = methods[method];
  if (handler) return handler;
  const allowed = Object.keys(methods).join(' or ');
  throw new Mistake(405, 'method_not_allowed', `${method} does nothing here.`, `Use ${allowed}.`);
}
