import { fillWallet } from '../built/outside-run.ts';
import type { Stage } from '../built/stage.ts';
import { type Cast, type Round, storeNow } from './aftermath.ts';
import { pause } from './inspect.ts';
import { killAt, STAGGER_MS } from './kill-round.ts';
import type { OutsidePoint } from './outside-points.ts';
import { ECOMMPAY } from './rails.ts';
import { Visitor } from './visitor.ts';

/** Of so many visitors, one says yes in the wallet and closes the browser. */
const CLOSES_BROWSER_EVERY = 4;

/** In every third round the Payment Page's address ends before some are back; then they pay anew. */
const ENDS_SOON_EVERY = 3;
const ENDS_SOON_SECONDS = 10;
const ENDS_SECONDS = 60;

/** The same as {@link killRound} for payments over ECommPay: on its Payment Page, or by Gate. @param stage one with this rail */
export async function outsideRound(
  stage: Stage,
  { through, point, scenarios, lingersMs, baseSeconds }: OutsidePoint,
  number: number,
  crowd: number,
): Promise<Round> {
  fillWallet(stage);
  const armed = `${point}:${1 + (number % Math.max(1, Math.floor(crowd / 2)))}`;
  const visitors = Array.from(
    { length: crowd },
    (_, index) =>
      new Visitor(stage, {
        closesBrowser: index % CLOSES_BROWSER_EVERY === CLOSES_BROWSER_EVERY - 1,
      }),
  );
  const endsSoon = number % ENDS_SOON_EVERY === ENDS_SOON_EVERY - 1;
  const cast: Cast = {
    stage,
    rail: ECOMMPAY,
    shoppers: visitors,
    since: await storeNow(stage),
    name: `${stage.store.engine} ${through} ${armed}`,
    env: {
      ECOMMPAY_BEST_BEFORE_SECONDS: String(endsSoon ? ENDS_SOON_SECONDS : ENDS_SECONDS),
      ECOMMPAY_SALE_BASE_SECONDS: String(baseSeconds),
      ECOMMPAY_RESEND_AFTER_SECONDS: '2',
    },
  };
  return killAt(cast, armed, async () => {
    await Promise.all(visitors.map((visitor) => visitor.arrive()));
    return visitors.map(async (visitor, index) => {
      visitor.setScenario(scenarios[(number + index) % scenarios.length] ?? 'success');
      await pause(index * STAGGER_MS);
      await visitor.pay(lingersMs);
    });
  });
}
