import { type Call, exchange as exchangeOver, type NoAnswer, type Wire } from '../base/exchange.ts';

/** One request to Maya and its answer; see `lib/base/exchange.ts`. */
export function exchange<Outcome extends { kind: string }>(
  api: Wire,
  call: Call,
  read: (response: Response) => Promise<Outcome>,
): Promise<Outcome | NoAnswer> {
  return exchangeOver(api, 'maya.call', call, read);
}
