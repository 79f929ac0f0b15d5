import { SETTLES_WITHIN_MS as RAIL_SETTLES_WITHIN_MS } from '../ecommpay/agreement.ts';
import { EcommpayNetwork } from '../ecommpay/network.ts';
import { checkAlways } from '../judge/always.ts';
import { checkAtRest } from '../judge/at-rest.ts';
import { checkOutput } from '../judge/output.ts';
import { MayaNetwork } from '../maya/network.ts';
import type { Device } from '../steps/device.ts';
import { type Act, boot, type Stage } from '../steps/stage.ts';
import { STEPS } from '../steps/steps.ts';
import { makeChance } from '../world/chance.ts';
import type { Database } from '../world/database.ts';
import type { Fired } from '../world/faults.ts';
import { makePlan, type Plan, type Step } from '../world/plan.ts';
import { CALL_TIMEOUT_MS } from '../world/start-process.ts';
import { World } from '../world/world.ts';
import { settle } from './settle.ts';

/** From the end of the faults to the last payment's end, beside the execute limit. */
const SETTLES_WITHIN_MS = 120_000;
const AFTERGLOW_MS = 12_000;
/** The longest way through the wallet and back. */
const CUSTOMERS_END_WITHIN_MS = 10 * 60_000;
/** No promise of ECommPay's lasts longer. */
const QUIET_WITHIN_MS = 6 * 3_600_000;

export type Outcome = {
  seed: number;
  violations: string[];
  reached: string[];
  fired: Fired[];
  steps: number;
  /** Virtual time. */
  lastedMs: number;
  events: number;
};

export type RunOptions = {
  /** Indexes of the steps to take; all if left out. */
  onlySteps?: readonly number[] | undefined;
  onlyFaults?: ReadonlySet<string> | undefined;
  trace?: ((line: string) => void) | undefined;
};

/** Lives through one world and judges it. The same seed and options lead to the same outcome, to the letter. */
export async function runSeed(database: Database, seed: number, options: RunOptions = {}): Promise<Outcome> {
  const plan = makePlan(seed);
  const world = new World({ database, plan, onlyFaults: options.onlyFaults, trace: options.trace });
  const stage = makeStage(world, plan);
  const rejections = hearRejections(world);
  try {
    await boot(stage);
    for (const [index, step] of plan.steps.entries()) {
      if (options.onlySteps && !options.onlySteps.includes(index)) continue;
      await take(stage, step, index);
      checkAlways(world);
    }
    await comeToRest(stage);
  } finally {
    rejections.end();
  }
  return {
    seed,
    violations: world.judge.violations,
    reached: [...world.reached],
    fired: world.faults.fired,
    steps: plan.steps.length,
    lastedMs: world.scheduler.now,
    events: world.scheduler.made,
  };
}

function makeStage(world: World, plan: Plan): Stage {
  const network = new MayaNetwork(world, makeChance(plan.seed, 4), {
    settings: plan.maya,
    profile: plan.profile,
    limits: { call: CALL_TIMEOUT_MS, execute: plan.executeTimeoutMs },
  });
  world.providers.push(network);
  world.tokensTroubled = () => network.ranks.families.some(({ troubled, over }) => troubled || over);
  const ecommpay = plan.outside ? new EcommpayNetwork(world, makeChance(plan.seed, 5)) : null;
  if (ecommpay) world.providers.push(ecommpay);
  for (const customer of plan.customers) {
    network.maya.saveCustomer(customer);
    ecommpay?.purses.set(customer.id, customer.balanceCentavos);
  }
  const browsersFrom = plan.outside?.browsersFrom ?? plan.devices.length;
  const devices = plan.devices.map(
    (holder, index): Device => ({
      name: index < browsersFrom ? `phone ${index + 1}` : `browser ${index + 1}`,
      holder: plan.customers[holder]?.id ?? '',
      customer: plan.customers[holder]?.id ?? '',
      cookie: null,
      outside: index < browsersFrom ? null : { visitor: null, key: null, wallet: null },
      sessionIds: [],
      page: null,
      before: null,
    }),
  );
  return { world, network, ecommpay, devices };
}

async function take(stage: Stage, step: Step, index: number): Promise<void> {
  const { world, devices } = stage;
  await world.scheduler.run(world.scheduler.now + step.afterMs);
  // Whoever runs servers starts them again, a little later.
  if (world.serving().length === 0 && step.dice % 4 > 0) await boot(stage);
  const device = devices[step.device];
  if (!device) return;
  world.note(() => `── step ${index}: ${step.kind} (${device.name})`);
  world.reach(`step ${step.kind}`);
  const act: Act = { ...stage, device, chance: makeChance(world.plan.seed, step.dice) };
  const begun = STEPS[step.kind](act);
  if (begun instanceof Promise) {
    world.acting += 1;
    begun
      .catch((error: unknown) => world.judge.expectStoreError(error))
      .finally(() => {
        world.acting -= 1;
      });
  }
  if (begun && 'thenMs' in begun) await world.scheduler.run(world.scheduler.now + begun.thenMs);
}

/** Ends the faults, lets a process be there, and waits until nothing is open. */
async function comeToRest(stage: Stage): Promise<void> {
  const { world } = stage;
  world.note(() => '── the faults are over');
  world.calm();
  if (world.serving().length === 0) await boot(stage);
  await settle(world, 'payments of Maya', world.plan.executeTimeoutMs + SETTLES_WITHIN_MS + world.setBackMs);
  if (world.plan.outside) {
    // Whoever was on the way to the wallet gets there; whoever waits for a dead process gives up.
    await world.scheduler.run(world.scheduler.now + CUSTOMERS_END_WITHIN_MS, () => world.acting === 0);
    const { sale, payout } = RAIL_SETTLES_WITHIN_MS;
    const calmAt = world.scheduler.now;
    await settle(world, 'payments outside Maya', sale + world.setBackMs);
    await settle(world, 'payouts', Math.max(0, payout + world.setBackMs - (world.scheduler.now - calmAt)));
    // What was decided may still be taken back, and told.
    await world.scheduler.run(world.scheduler.now + QUIET_WITHIN_MS, () =>
      world.providers.every((provider) => provider.isQuiet()),
    );
    await settle(world, 'payments outside Maya', sale);
  }
  await world.scheduler.run(world.scheduler.now + AFTERGLOW_MS);
  const process = world.serving()[0];
  if (!process) return world.judge.wrong('no crash', 'no process is left');
  checkAlways(world);
  let done = false;
  void checkAtRest(world, process)
    .catch((error: unknown) => world.judge.wrong('no crash', String(error)))
    .finally(() => {
      done = true;
    });
  await world.scheduler.run(world.scheduler.now + 60_000, () => done);
  checkOutput(world);
  for (const each of world.processes) each.kill('at the end of this world');
}

/** A promise that nobody hears would end a real process. */
function hearRejections(world: World): { end(): void } {
  const heard = (error: unknown) => world.judge.wrong('no crash', `unhandled: ${String(error)}`);
  process.on('unhandledRejection', heard);
  return { end: () => void process.off('unhandledRejection', heard) };
}
