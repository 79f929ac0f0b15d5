import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { addTally, emptyTally, type Tally, tallySchema } from './tally.ts';

const schema = z.object({
  /** By store and kind, e.g. `sqlite execute.answered`. */
  tallies: z.record(z.string(), tallySchema),
  /** What was not right, in words, oldest first. */
  faults: z.array(z.string()),
});

/** What long runs have done so far, in a file that git ignores, so that they can be stopped and gone on with. */
export class StateFile {
  readonly #path: string;
  readonly #state: z.infer<typeof schema>;

  /** @param afresh forgets what the file holds */
  constructor(path: string, afresh: boolean) {
    this.#path = path;
    this.#state = (afresh ? undefined : read(path)) ?? { tallies: {}, faults: [] };
  }

  tally(name: string): Tally {
    return this.#state.tallies[name] ?? emptyTally();
  }

  get faults(): readonly string[] {
    return this.#state.faults;
  }

  /** Adds what a round came to, and writes the file whole. */
  add(name: string, tally: Tally, faults: readonly string[]): void {
    this.#state.tallies[name] = addTally(this.tally(name), tally);
    this.#state.faults.push(...faults);
    mkdirSync(dirname(this.#path), { recursive: true });
    const beside = `${this.#path}.new`;
    writeFileSync(beside, `${JSON.stringify(this.#state, null, 1)}\n`);
    renameSync(beside, this.#path);
  }
}

function read(path: string): z.infer<typeof schema> | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  return schema.parse(JSON.parse(text));
}
