import type { Stage, StageEngine } from '../../built/stage.ts';
import { type Cast, finish, type Round, recover, storeNow } from '../aftermath.ts';
import { Customer } from '../customer.ts';
import { MAYA } from '../rails.ts';
import { emptyTally, type Tally } from '../tally.ts';

/** Something that happens to a process or to what it talks to, other than dying at a named point. */
export type Disturbance = {
  name: string;
  engines: readonly StageEngine[];
  /** One round on a stage without servers. @param number varies it */
  round(stage: Stage, number: number, options: DisturbanceOptions): Promise<Round>;
};

export type DisturbanceOptions = {
  crowd: number;
  /** How long the store or the disk is away. */
  outageMs: number;
};

export type Scene = {
  customers: Customer[];
  tally: Tally;
  faults: string[];
  /** Everybody goes on until all have paid, then the books are compared; the server that runs stays. */
  finish(tolerated?: readonly string[]): Promise<Round>;
  /** The same after a new start. */
  recover(): Promise<Round>;
};

/** A crowd, and what is counted about it. */
export async function withScene(
  stage: Stage,
  name: string,
  crowd: number,
  play: (scene: Scene) => Promise<Round>,
): Promise<Round> {
  const customers = Array.from({ length: crowd }, () => new Customer(stage));
  const tally: Tally = { ...emptyTally(), kills: 1, customers: crowd };
  const faults: string[] = [];
  const cast: Cast = {
    stage,
    rail: MAYA,
    shoppers: customers,
    since: await storeNow(stage),
    name: `${stage.store.engine} ${name}`,
  };
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
