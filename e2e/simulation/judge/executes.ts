import type { World } from '../world/world.ts';

/** As in `lib/payments/timing.ts`: the judge does not ask the accused for the law. */
const MAX_AGE_AT_EXECUTE_MS = 20_000;

type Fact = {
  payment_id: string;
  number: number;
  kind: string;
  data: string;
  recorded_at: number;
  recorded_by: string;
};
type Opened = { payment: string; holder: string; pay_by: number };
type Data = { attempt: number; reference?: string; lease?: string; outcome?: { kind: string } };

const HARMLESS = ['unauthorized', 'not_connected'];

/** Who executed, when, and whether what was heard is on record: from the facts and the wire. */
export function checkExecutes(world: World): void {
  const facts = world.database.all<Fact>('select * from payment_events order by payment_id, number');
  const byPayment = new Map<string, (Fact & { parsed: Data })[]>();
  for (const fact of facts) {
    const known = byPayment.get(fact.payment_id) ?? [];
    known.push({ ...fact, parsed: JSON.parse(fact.data) as Data });
    byPayment.set(fact.payment_id, known);
  }
  for (const opened of world.database.all<Opened>('select * from sim_opened'))
    checkPayment(world, opened, byPayment.get(opened.payment) ?? []);
  checkHeard(world, [...byPayment.values()]);
}

function checkPayment(world: World, opened: Opened, facts: readonly (Fact & { parsed: Data })[]): void {
  const wrong = (detail: string) =>
    world.judge.wrong('first execute', `payment ${opened.payment}: ${detail}`);
  const executes = facts.filter(({ kind }) => kind === 'execute_attempt');
  const [first] = executes;
  if (!first) return;
  if (first.recorded_by !== facts[0]?.recorded_by || first.parsed.lease !== opened.holder)
    wrong('it was not made by the code that took the tap');
  if (first.recorded_at > opened.pay_by)
    wrong(`it was made ${first.recorded_at - opened.pay_by} ms after pay_by`);
  const created = facts.find(
    ({ kind, parsed }) => kind === 'create_answer' && parsed.outcome?.kind === 'created',
  );
  const sent = facts.find(
    ({ kind, parsed }) => kind === 'create_attempt' && parsed.attempt === created?.parsed.attempt,
  );
  if (sent && first.recorded_at - sent.recorded_at > MAX_AGE_AT_EXECUTE_MS)
    wrong(`the id was ${first.recorded_at - sent.recorded_at} ms old`);
  if (executes.length > 1) world.reach('an execute was repeated');
  // A repeat that may be the first to charge is bound by the customer's tap like a first one.
  for (const repeat of executes.slice(1)) {
    const before = facts.filter(({ number }) => number < repeat.number);
    const answers = new Map(
      before
        .filter(({ kind }) => kind === 'execute_answer')
        .map(({ parsed }) => [parsed.attempt, parsed.outcome?.kind ?? '']),
    );
    const harmless = before
      .filter(({ kind }) => kind === 'execute_attempt')
      .every(({ parsed }) => HARMLESS.includes(answers.get(parsed.attempt) ?? ''));
    if (harmless) world.reach('a repeat that may be the first to charge');
    if (harmless && repeat.recorded_at > opened.pay_by)
      wrong(`repeat ${repeat.parsed.attempt} may be the first to charge, after pay_by`);
  }
}

/** An answer is never given up as long as the process that heard it lives. */
function checkHeard(world: World, payments: readonly (readonly (Fact & { parsed: Data })[])[]): void {
  for (const { process, reference } of world.heard) {
    if (!process.alive) continue;
    for (const facts of payments) {
      const sent = facts.find(
        ({ kind, parsed }) => kind === 'execute_attempt' && parsed.reference === reference,
      );
      if (!sent) continue;
      const kept = facts.some(
        ({ kind, parsed }) => kind === 'execute_answer' && parsed.attempt === sent.parsed.attempt,
      );
      if (!kept)
        world.judge.wrong(
          'an answer was given up',
          `execute ${sent.parsed.attempt} of payment ${sent.payment_id}`,
        );
    }
  }
}
