import type { World } from '../world/world.ts';

const OPEN = {
  'payments of Maya': `select id, state from payments
    where rail = 'maya' and state in ('creating', 'created', 'executing')`,
  'payments outside Maya': `select id, state from payments
    where rail = 'ecommpay' and state in ('creating', 'created', 'executing')`,
  payouts: `select id, state from payouts where state in ('unknown', 'processing')`,
} as const;

/** Lets time pass until none of these is open any more; whatever is open after `withinMs` breaks the promise. */
export async function settle(world: World, what: keyof typeof OPEN, withinMs: number): Promise<void> {
  const { database, scheduler } = world;
  const open = () => database.all<{ id: string; state: string }>(OPEN[what]);
  if (open().length === 0) return;
  let seen = -1;
  let settled = false;
  await scheduler.run(scheduler.now + withinMs, () => {
    if (database.changes === seen) return settled;
    seen = database.changes;
    settled = open().length === 0;
    return settled;
  });
  for (const { id, state } of open())
    world.judge.wrong('settles', `${what}: ${id} is still ${state} ${withinMs} ms after the faults`);
}
