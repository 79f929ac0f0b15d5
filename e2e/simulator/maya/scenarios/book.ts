import { z } from 'zod';
import { Mistake } from '../mistake.ts';
import type { CallName } from '../request.ts';
import { scenarioNamed, scenarios } from './catalogue.ts';
import type { Scenario } from './scenario.ts';

export type ActiveScenario = { name: string; remaining: number | 'always' };

export type ScenarioRequest = {
  customer?: string | undefined;
  scenario: Scenario;
  calls: number | 'always';
};

const input = z.strictObject({
  customer: z.string().optional(),
  name: z.string(),
  calls: z.union([z.int().min(1).max(1_000_000), z.literal('always')]).optional(),
});

/** Reads what a page or a test asks for. Throws a `Mistake` that says what would be right. */
export function readScenarioRequest(body: unknown): ScenarioRequest {
  const parsed = input.safeParse(body);
  if (!parsed.success) {
    throw new Mistake(
      400,
      'invalid_scenario',
      z.prettifyError(parsed.error),
      'Send {"customer": "maria", "name": "execute-timeout-charged", "calls": 1}; calls is a whole number from 1, or "always".',
    );
  }
  const { customer, name, calls } = parsed.data;
  const scenario = scenarioNamed(name);
  if (!scenario) {
    throw new Mistake(
      400,
      'unknown_scenario',
      `There is no scenario "${name}".`,
      `Use one of ${scenarios.map((known) => known.name).join(', ')}.`,
    );
  }
  if (scenario.scope === 'customer' && customer === undefined) {
    throw new Mistake(
      400,
      'customer_missing',
      `The scenario "${name}" is for one customer.`,
      'Name one: {"customer": "maria", …}.',
    );
  }
  return { customer, scenario, calls: calls ?? scenario.calls };
}

const EVERYONE = Symbol('everyone');
type Slot = string | typeof EVERYONE;

export type ScenarioBook = ReturnType<typeof createScenarioBook>;

/** Which scenario is on for whom, and for how many more calls. One for each customer, and one for everyone. */
export function createScenarioBook() {
  const active = new Map<Slot, { scenario: Scenario; remaining: number | 'always' }>();

  const view = (slot: Slot): ActiveScenario | undefined => {
    const entry = active.get(slot);
    return entry && { name: entry.scenario.name, remaining: entry.remaining };
  };

  /** What is on, if it touches this call: `use` counts it. */
  const peek = (slot: Slot, call: CallName) => {
    const entry = active.get(slot);
    if (!entry?.scenario.touches.includes(call)) return undefined;
    return {
      scenario: entry.scenario,
      use(): void {
        if (entry.remaining === 'always') return;
        entry.remaining -= 1;
        if (entry.remaining === 0 && active.get(slot) === entry) active.delete(slot);
      },
    };
  };

  return {
    set({ customer, scenario, calls }: ScenarioRequest): void {
      const slot = scenario.scope === 'everyone' || customer === undefined ? EVERYONE : customer;
      if (scenario.name === 'approved') active.delete(slot);
      else active.set(slot, { scenario, remaining: calls });
    },
    /** Back to normal: one customer, or all of them and everyone. */
    clear(customer?: string): void {
      if (customer === undefined) active.clear();
      else active.delete(customer);
    },
    forCustomer: (customer: string, call: CallName) => peek(customer, call),
    forEveryone: (call: CallName) => peek(EVERYONE, call),
    view: () => ({
      everyone: view(EVERYONE) ?? null,
      active: Object.fromEntries(
        [...active.keys()].filter((slot) => slot !== EVERYONE).map((slot) => [slot, view(slot)]),
      ) as Record<string, ActiveScenario>,
    }),
  };
}

export type Meeting = NonNullable<ReturnType<ScenarioBook['forCustomer']>>;
