import { Mistake } from '../../maya/mistake.ts';
import { deleteAdvance, getAdvance, postAdvance } from './advance.ts';
import { type ControlHandler, ok } from './control.ts';
import { getLaunch, postLaunch } from './launch.ts';
import {
  deleteScenario,
  getCallbacks,
  getLedger,
  getLog,
  getPayments,
  getScenario,
  getSecrets,
  getSettings,
  getViolations,
  postCallbacks,
  postReset,
  postScenario,
  postSettings,
} from './rails.ts';

/** Address under `/_sim/`, then method. Documented with examples in the simulator's README. */
const ROUTES: Record<string, Partial<Record<string, ControlHandler>>> = {
  launch: { GET: getLaunch, POST: postLaunch },
  scenario: { GET: getScenario, POST: postScenario, DELETE: deleteScenario },
  settings: { GET: getSettings, POST: postSettings },
  customers: {
    GET: ({ maya }) => ok({ customers: maya.customers() }),
    POST: ({ maya }, { body }) => ok(maya.saveCustomer(body ?? {})),
  },
  act: { POST: ({ ecommpay }, { body }) => ok(ecommpay.act(body)) },
  advance: { GET: getAdvance, POST: postAdvance, DELETE: deleteAdvance },
  callbacks: { GET: getCallbacks, POST: postCallbacks },
  ledger: { GET: getLedger },
  payments: { GET: getPayments },
  log: { GET: getLog },
  violations: { GET: getViolations },
  secrets: { GET: getSecrets },
  reset: { POST: postReset },
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
