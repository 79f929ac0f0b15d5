import { createScenarios } from './create.ts';
import { executeScenarios } from './execute.ts';
import { outcomeScenarios } from './outcome.ts';
import type { Scenario } from './scenario.ts';
import { tokenScenarios } from './tokens.ts';
import { wholeScenarios } from './whole.ts';

const all = [
  ...outcomeScenarios,
  ...createScenarios,
  ...executeScenarios,
  ...tokenScenarios,
  ...wholeScenarios,
] as const;

export type ScenarioName = (typeof all)[number]['name'];

/** Every scenario, in the order in which a page lists them. */
export const scenarios: readonly (Scenario & { name: ScenarioName })[] = all;

export const scenarioNamed = (name: string): Scenario | undefined =>
  scenarios.find((scenario) => scenario.name === name);

export type ScenarioWords = Pick<Scenario, 'title' | 'what' | 'group' | 'scope' | 'calls' | 'touches'> & {
  name: ScenarioName;
};

/** The catalogue in words, for pages and links. */
export const scenarioWords = (): ScenarioWords[] =>
  scenarios.map(({ name, title, what, group, scope, calls, touches }) => ({
    name,
    title,
    what,
    group,
    scope,
    calls,
    touches,
  }));
