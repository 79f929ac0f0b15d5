import { fillWallet } from '../built/outside-run.ts';
import type { Stage } from '../built/stage.ts';
import { type Cast, type Round, storeNow } from './aftermath.ts';
import { killAt } from './kill-round.ts';
import { OUTSIDE_TIMES, type OutsidePoint } from './outside-points.ts';
import { ECOMMPAY } from './rails.ts';
import { arriveThenPay, visitors } from './visitor.ts';

/** In every third round the Payment Page's address ends before some are back; then they pay anew. */
const ENDS_SOON_EVERY = 3;
const ENDS_SOON_SECONDS = '10';

/** One kill outside Maya, as `killRound` has it inside. @param stage one with this rail */
export async function outsideRound(
  stage: Stage,
  { through, point, scenarios, lingersMs, baseSeconds }: OutsidePoint,
  number: number,
  crowd: number,
): Promise<Round> {
  fillWallet(stage);
  const armed = `${point}:${1 + (number % Math.max(1, Math.floor(crowd / 2)))}`;
  const crowdOutside = visitors(stage, crowd);
  const endsSoon = number % ENDS_SOON_EVERY === ENDS_SOON_EVERY - 1;
  const cast: Cast = {
    stage,
    rail: ECOMMPAY,
    shoppers: crowdOutside,
    since: await storeNow(stage),
    name: `${stage.store.engine} ${through} ${armed}`,
    env: {
      ...OUTSIDE_TIMES,
      ECOMMPAY_SALE_BASE_SECONDS: String(baseSeconds),
      ...(endsSoon ? { ECOMMPAY_BEST_BEFORE_SECONDS: ENDS_SOON_SECONDS } : {}),
    },
  };
  return killAt(cast, armed, () =>
    arriveThenPay(crowdOutside, (index) => scenarios[(number + index) % scenarios.length], { lingersMs }),
  );
}
