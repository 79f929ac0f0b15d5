import { z } from 'zod';
import type { Ecommpay } from '../../ecommpay/ecommpay.ts';
import type { Maya } from '../../maya/maya.ts';
import { Mistake } from '../../maya/mistake.ts';
import type { LaunchResult } from '../../maya/session-url.ts';
import type { MovableClock } from '../clock.ts';

/** What the control API works on. */
export type Controls = {
  maya: Maya;
  launch: (customerId: string) => Promise<LaunchResult>;
  ecommpay: Ecommpay;
  /** Maya's and ECommPay's. */
  clock: MovableClock;
  advance: (ms: number) => Promise<void>;
};

/** One request to it: `body` is parsed JSON, undefined when there was none. */
export type ControlRequest = { query: URLSearchParams; body: unknown };

export type ControlAnswer =
  | { status: number; json: unknown }
  | { redirect: string }
  | { status: number; page: { title: string; text: string } };

export type ControlHandler = (
  controls: Controls,
  request: ControlRequest,
) => ControlAnswer | Promise<ControlAnswer>;

export const ok = (json: unknown): ControlAnswer => ({ status: 200, json });

/** An empty `?customer=` is none, as a page's select would send it. */
export const customerIn = ({ query }: ControlRequest): string | undefined =>
  query.get('customer') || undefined;

const wholeNumber = z.string().regex(/^\d{1,15}$/);

export function afterIn({ query }: ControlRequest): number {
  const text = query.get('after');
  if (text === null || text === '') return 0;
  if (wholeNumber.safeParse(text).success) return Number(text);
  throw new Mistake(
    400,
    'invalid_after',
    '"after" must be a whole number.',
    'Give the number of the last entry seen.',
  );
}
