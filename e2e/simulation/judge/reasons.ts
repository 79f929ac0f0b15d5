import type { World } from '../world/world.ts';

type Line = {
  id: string;
  order_id: string;
  session_id: string;
  state: string;
  reason: string;
  setting?: string;
};

const AFTER_CODES = [
  'emptied-wallet',
  'forgotten-id',
  'declined-by-code',
  'not-found',
  'refused',
  '401-before',
];

const OTHER_MONEY = [
  'wrong-amount',
  'wrong-currency',
  'wrong-project',
  'wrong-type',
  'paid-less',
  'paid-converted',
];

/** Which faults can lead to a reason. A state that needs a person and has no such cause is a failure of ours. */
const CAUSES: Record<string, (world: World, kinds: ReadonlySet<string>, line: Line) => boolean> = {
  execute_mismatch: (_world, kinds) =>
    ['wrong-id', 'wrong-amount', 'wrong-p2m'].some((kind) => kinds.has(kind)),
  py0010_without_execute: (_world, kinds) =>
    ['twice-second-answer', '429-after', 'processed-late', ...AFTER_CODES].some((kind) => kinds.has(kind)),
  py0010: ({ plan }) => plan.py0010 === 'review',
  provider_id_reused: (_world, kinds) => kinds.has('id-of-another'),
  undecided: (world, kinds, line) =>
    AFTER_CODES.some((kind) => kinds.has(kind)) ||
    // An id that is over before anybody repeats it.
    kinds.has('short-life') ||
    idWasOver(world, line.id) ||
    world.reached.has('a day passed') ||
    world.plan.maya.repeatAfterDeclined === 'code' ||
    tokensTroubled(world),
  time_cap: (world) => world.reached.has('a day passed') || world.plan.outside !== null,
  money_differs: (_world, kinds) => OTHER_MONEY.some((kind) => kinds.has(kind)),
  unexpected_status: (_world, kinds) => kinds.has('refunded-before'),
  tokens_gone: tokensTroubled,
  // Two client tokens refused one after the other look like a session that is over: nobody says which token it was.
  session_over: (world) => tokensTroubled(world) || world.clientTokensDied > 1,
  other_payment_paid: () => true,
  contradiction: () => true,
};

function tokensTroubled(world: World): boolean {
  return world.tokensTroubled();
}

/** Whether nobody had asked the provider for longer than its payment lives there. */
function idWasOver({ database, providers }: World, paymentId: string): boolean {
  const id = database.get<{ provider_id: string | null }>(
    'select provider_id from payments where id = ?',
    paymentId,
  )?.provider_id;
  return typeof id === 'string' && providers.some((provider) => provider.outlived().has(id));
}

/** Every payment that waits for a person does so for a reason that the plan's faults explain. */
export function checkReasons(world: World): void {
  const kinds = new Set(world.faults.fired.map(({ kind }) => kind));
  const lines = world.database.all<Line>(
    `select id, order_id, session_id, state, reason from payments where reason is not null`,
  );
  for (const line of lines) {
    const cause = CAUSES[line.reason];
    if (line.state === 'review' && !cause)
      world.judge.wrong(
        'reasons',
        `payment ${line.id} is in review for "${line.reason}", which nothing explains`,
      );
    if (cause && !cause(world, kinds, line))
      world.judge.wrong(
        'reasons',
        `payment ${line.id} is ${line.state} for "${line.reason}" without a cause`,
      );
  }
  if (world.faults.fired.length > 0 || world.disturbed || world.leasesMayLapse) return;
  world.reach('a world without faults');
  for (const line of lines.filter(({ state }) => state === 'review'))
    world.judge.wrong('reasons', `payment ${line.id} is in review in a world without faults`);
}
