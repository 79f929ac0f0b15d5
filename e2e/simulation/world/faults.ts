import type { EcommpayFault } from '../ecommpay/kinds.ts';
import { makeChance, mix } from './chance.ts';

/** What can be told apart in a plan of faults: calls upstream by name, statements of the store, fault points. */
export type FaultGroup =
  | 'client_token'
  | 'tokens'
  | 'profile'
  | 'create'
  | 'execute'
  | EcommpayFault
  | 'commit'
  | 'read'
  | 'point';

/** A fault that happened: `execute#3` and what it was. A list of such keys replays a part of a plan. */
export type Fired = { key: string; kind: string };

export type FaultRates = Partial<Record<FaultGroup, { rate: number; kinds: readonly string[] }>>;

/**
 * The seeded plan of faults. Whether the n-th call of a kind meets a fault depends on the seed, the kind and n alone:
 * leaving one fault out, or one step, does not shuffle the others, and so a failing run can be shrunk.
 */
export class Faults {
  readonly fired: Fired[] = [];
  /** No fault begins any more. */
  over = false;
  readonly #seed: number;
  readonly #rates: FaultRates;
  readonly #only: ReadonlySet<string> | undefined;
  readonly #heard: ((fired: Fired) => void) | undefined;
  readonly #counts = new Map<string, number>();

  constructor(options: {
    seed: number;
    rates: FaultRates;
    /** Keys of the faults that may happen; all of the plan's if left out. */
    only?: ReadonlySet<string> | undefined;
    heard?: (fired: Fired) => void;
  }) {
    this.#seed = options.seed;
    this.#rates = options.rates;
    this.#only = options.only;
    this.#heard = options.heard;
  }

  /** @param name tells occasions of one group apart, e.g. the fault point's name */
  decide(group: FaultGroup, name: string = group): string | null {
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    const plan = this.#rates[group];
    if (this.over || !plan || plan.kinds.length === 0) return null;
    const chance = makeChance(this.#seed, textSeed(name), count);
    if (!chance.maybe(plan.rate)) return null;
    const key = `${name}#${count}`;
    if (this.#only && !this.#only.has(key)) return null;
    const kind = chance.pick(plan.kinds);
    const fired = { key, kind };
    this.fired.push(fired);
    this.#heard?.(fired);
    return kind;
  }
}

const seeds = new Map<string, number>();

function textSeed(text: string): number {
  let seed = seeds.get(text);
  if (seed === undefined) {
    seed = mix(...[...text].map((letter) => letter.charCodeAt(0)));
    seeds.set(text, seed);
  }
  return seed;
}
