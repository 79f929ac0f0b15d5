import { fillWallet, type RailInterface } from '../../built/outside-run.ts';
import type { Stage, StageEngine } from '../../built/stage.ts';
import { type Cast, finish, type Round, recover, storeNow } from '../aftermath.ts';
import { Customer } from '../customer.ts';
import { OUTSIDE_TIMES } from '../outside-points.ts';
import { ECOMMPAY, MAYA } from '../rails.ts';
import type { Shopper } from '../shopper.ts';
import { emptyTally, type Tally } from '../tally.ts';
import { type Visitor, visitors } from '../visitor.ts';

/** Something that happens to a process or to what it talks to, other than dying at a named point. */
export type Disturbance = {
  name: string;
  engines: readonly StageEngine[];
  /** How customers outside Maya pay; that rail is off without. */
  rail?: RailInterface;
  /** One round on a stage without servers. @param number varies it */
  round(stage: Stage, number: number, options: DisturbanceOptions): Promise<Round>;
};

export type DisturbanceOptions = {
  crowd: number;
  /** How long the store or the disk is away. */
  outageMs: number;
};

export type Scene<S extends Shopper = Customer> = {
  customers: S[];
  tally: Tally;
  faults: string[];
  /** Everybody goes on until all have paid, then the books are compared; the server that runs stays. */
  finish(tolerated?: readonly string[]): Promise<Round>;
  /** The same after a new start. */
  recover(): Promise<Round>;
};

/** A crowd inside Maya, and what is counted about it. */
export const withScene = (
  stage: Stage,
  name: string,
  crowd: number,
  play: (scene: Scene) => Promise<Round>,
): Promise<Round> => {
  const customers = Array.from({ length: crowd }, () => new Customer(stage));
  return withCrowd({ stage, rail: MAYA, name }, customers, play);
};

/** A crowd outside Maya, on a stage with that rail. */
export const withVisitors = (
  stage: Stage,
  name: string,
  crowd: number,
  play: (scene: Scene<Visitor>) => Promise<Round>,
): Promise<Round> => {
  fillWallet(stage);
  return withCrowd({ stage, rail: ECOMMPAY, name, env: OUTSIDE_TIMES }, visitors(stage, crowd), play);
};

async function withCrowd<S extends Shopper>(
  { stage, name, ...more }: Omit<Cast, 'shoppers' | 'since'>,
  customers: S[],
  play: (scene: Scene<S>) => Promise<Round>,
): Promise<Round> {
  const tally: Tally = { ...emptyTally(), kills: 1, customers: customers.length };
  const faults: string[] = [];
  const since = await storeNow(stage);
  const cast: Cast = { ...more, stage, shoppers: customers, since, name: `${stage.store.engine} ${name}` };
  try {
    return await play({
      customers,
      tally,
      faults,
      finish: async (tolerated) => {
        await finish(cast, tally, faults, tolerated);
        return { tally, faults };
      },
      recover: async () => {
        const round = await recover(cast, tally);
        return { tally: round.tally, faults: [...faults, ...round.faults] };
      },
    });
  } finally {
    await Promise.all(customers.map((customer) => customer.close()));
    await Promise.all(stage.servers.map((server) => server.end()));
  }
}
