import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { sendWorkers } from '../run/send-workers.ts';
import { type Planted, withBug } from './plant.ts';
import { planted } from './planted.ts';

/**
 * `npm run simulate:mutants -- [--worlds N] [part of a name …]`: plants each known bug into a process of its own and counts the worlds
 * until an invariant breaks. A simulation that overlooks one of them proves nothing.
 */

const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    worlds: { type: 'string', default: '10000' },
    from: { type: 'string', default: '1' },
    workers: { type: 'string', default: String(availableParallelism()) },
  },
});
const mostWorlds = Number(values.worlds);
const chosen = planted.filter(
  ({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
);
for (const bug of planted) withBug(bug);

/** A world without the bug, in which every invariant must hold: else it has found something else. */
async function isClean(seed: number): Promise<boolean> {
  const { failed } = await sendWorkers([{ from: seed, count: 1, stride: 1 }]);
  return failed.length === 0;
}

async function hunt({ name }: Planted): Promise<boolean> {
  const { worlds, failed } = await sendWorkers([
    { from: Number(values.from), count: mostWorlds, stride: 1, mutant: name, untilFailure: true },
  ]);
  const found = failed[0];
  if (found && !(await isClean(found.seed))) {
    console.log(`✗ ${name}: seed ${found.seed} fails without it too`);
    return false;
  }
  console.log(
    found
      ? `✓ ${name}: found under seed ${found.seed}, after ${worlds} worlds (${found.violations[0]?.split(':')[0]})`
      : `✗ ${name}: not found in ${worlds} worlds`,
  );
  return found !== undefined;
}

const waiting = [...chosen];
let missed = 0;
await Promise.all(
  Array.from({ length: Number(values.workers) }, async () => {
    for (let bug = waiting.shift(); bug; bug = waiting.shift()) if (!(await hunt(bug))) missed += 1;
  }),
);
console.log(`\n${chosen.length - missed} of ${chosen.length} planted bugs found`);
process.exitCode = missed === 0 ? 0 : 1;
