import { z } from 'zod';
import { Mistake } from '../../maya/mistake.ts';
import { scenarioNamed, scenarios } from './catalogue.ts';
import type { Scenario, Touch } from './scenario.ts';

export type ActiveScenario = { name: string; remaining: number | 'always' };

/** For one payment, or one customer of the merchant, or everyone. */
export type ScenarioRequest = {
  payment?: string | undefined;
  customer?: string | undefined;
  scenario: Scenario;
  calls: number | 'always';
};

const input = z.strictObject({
  payment: z.string().min(1).optional(),
  customer: z.string().min(1).optional(),
  name: z.string(),
  calls: z.union([z.int().min(1).max(1_000_000), z.literal('always')]).optional(),
});

/** Back to normal. */
const NORMAL = 'success';

/** Reads what a page or a test asks for. Throws a `Mistake` that says what would be right. */
export function readScenarioRequest(body: unknown): ScenarioRequest {
  const parsed = input.safeParse(body);
  if (!parsed.success) {
    throw new Mistake(
      400,
      'invalid_scenario',
      z.prettifyError(parsed.error),
      'Send {"name": "decline-20105"} with "customer" or "payment" (the merchant\'s ids) or neither, and "calls": a whole number from 1, or "always".',
    );
  }
  const { name, calls, ...whose } = parsed.data;
  const scenario = scenarioNamed(name);
  if (!scenario) {
    throw new Mistake(
      400,
      'unknown_scenario',
      `There is no scenario "${name}".`,
      `Use one of ${scenarios.map((known) => known.name).join(', ')}.`,
    );
  }
  return { ...whose, scenario, calls: calls ?? scenario.calls };
}

export type ActiveScenarios = {
  everyone: ActiveScenario | null;
  customers: Record<string, ActiveScenario>;
  payments: Record<string, ActiveScenario>;
};

export type ScenarioBook = ReturnType<typeof createScenarioBook>;

type Entry = { scenario: Scenario; remaining: number | 'always' };

const EVERYONE = 'everyone';

/** Which scenario is on for which payment, which customer and everyone, and how often more. */
export function createScenarioBook() {
  const active = new Map<string, Entry>();

  const slotOf = ({ payment, customer }: Pick<ScenarioRequest, 'payment' | 'customer'>) => {
    if (payment !== undefined) return `payment:${payment}`;
    return customer === undefined ? EVERYONE : `customer:${customer}`;
  };
  const view = ({ scenario, remaining }: Entry): ActiveScenario => ({ name: scenario.name, remaining });
  const viewsUnder = (prefix: string) =>
    Object.fromEntries(
      [...active]
        .filter(([slot]) => slot.startsWith(prefix))
        .map(([slot, entry]) => [slot.slice(prefix.length), view(entry)]),
    );

  return {
    set({ scenario, calls, ...whose }: ScenarioRequest): void {
      const slot = slotOf(whose);
      if (scenario.name === NORMAL) active.delete(slot);
      else active.set(slot, { scenario, remaining: calls });
    },

    /** Back to normal: one payment, one customer, or all and everyone. */
    clear(whose: Pick<ScenarioRequest, 'payment' | 'customer'> = {}): void {
      const slot = slotOf(whose);
      if (slot === EVERYONE) active.clear();
      else active.delete(slot);
    },

    /** The scenario that touches this, the payment's own before the customer's before everyone's. Counts it. */
    use(touch: Touch, whose: Pick<ScenarioRequest, 'payment' | 'customer'>): Scenario | undefined {
      const slots = [
        ...(whose.payment === undefined ? [] : [slotOf({ payment: whose.payment })]),
        ...(whose.customer === undefined ? [] : [slotOf({ customer: whose.customer })]),
        EVERYONE,
      ];
      for (const slot of slots) {
        const entry = active.get(slot);
        if (!entry?.scenario.touches.includes(touch)) continue;
        if (entry.remaining !== 'always') {
          entry.remaining -= 1;
          if (entry.remaining === 0) active.delete(slot);
        }
        return entry.scenario;
      }
      return undefined;
    },

    view(): ActiveScenarios {
      const everyone = active.get(EVERYONE);
      return {
        everyone: everyone ? view(everyone) : null,
        customers: viewsUnder('customer:'),
        payments: viewsUnder('payment:'),
      };
    },
  };
}
