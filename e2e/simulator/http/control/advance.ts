import { z } from 'zod';
import { Mistake } from '../../maya/mistake.ts';
import type { MovableClock } from '../clock.ts';
import { type ControlHandler, ok } from './control.ts';

const UNITS = { ms: 1, seconds: 1_000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const;
const LONGEST_MS = 60 * UNITS.days;

const amount = z.number().min(0).optional();
const input = z
  .strictObject({ ms: amount, seconds: amount, minutes: amount, hours: amount, days: amount })
  .transform((given) =>
    Object.entries(UNITS).reduce((sum, [unit, ms]) => sum + (given[unit as keyof typeof UNITS] ?? 0) * ms, 0),
  )
  .refine((ms) => ms > 0 && ms <= LONGEST_MS);

/** Lets time pass at Maya and ECommPay, and answers when everything that is due by then was brought to the merchant. */
export const postAdvance: ControlHandler = async ({ advance, clock }, { body }) => {
  const parsed = input.safeParse(body);
  if (!parsed.success) {
    throw new Mistake(
      400,
      'invalid_advance',
      'It does not say how long, or longer than 60 days.',
      'Send {"minutes": 30}; ms, seconds, minutes, hours and days add up.',
    );
  }
  await advance(Math.round(parsed.data));
  return ok(timeOf(clock));
};

export const getAdvance: ControlHandler = ({ clock }) => ok(timeOf(clock));

/** Back to the true time. What was done meanwhile stays, with the times that it had. */
export const deleteAdvance: ControlHandler = ({ clock }) => {
  clock.reset();
  return ok(timeOf(clock));
};

const timeOf = (clock: MovableClock) => ({
  now: new Date(clock.now()).toISOString(),
  aheadMs: clock.aheadMs(),
});
