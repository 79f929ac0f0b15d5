import { callbackScenarios } from './callback.ts';
import { oddJsonScenarios } from './odd-json.ts';
import { outcomeScenarios } from './outcome.ts';
import { payoutScenarios } from './payout.ts';
import { redirectScenarios } from './redirect.ts';
import { requestScenarios } from './request.ts';
import type { Scenario } from './scenario.ts';
import { statusScenarios } from './status.ts';

const all = [
  ...outcomeScenarios,
  ...requestScenarios,
  ...redirectScenarios,
  ...callbackScenarios,
  ...oddJsonScenarios,
  ...statusScenarios,
  ...payoutScenarios,
] as const;

export type EcommpayScenarioName = (typeof all)[number]['name'];

/** Every scenario of this rail, in the order in which a page lists them. */
export const scenarios: readonly (Scenario & { name: EcommpayScenarioName })[] = all;

export const scenarioNamed = (name: string): Scenario | undefined =>
  scenarios.find((scenario) => scenario.name === name);

export type ScenarioWords = Pick<Scenario, 'title' | 'what' | 'group' | 'calls' | 'touches'> & {
  name: EcommpayScenarioName;
};

/** The catalogue in words, for pages and links. */
export const scenarioWords = (): ScenarioWords[] =>
  scenarios.map(({ name, title, what, group, calls, touches }) => ({
    name,
    title,
    what,
    group,
    calls,
    touches,
  }));
