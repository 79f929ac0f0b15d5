import { pause, unsettled } from '../inspect.ts';
import { arriveThenTap } from '../kill-round.ts';
import { seededRandom } from '../random.ts';
import { type Fate, startTcpProxy } from '../tcp-proxy.ts';
import { type Disturbance, withScene } from './disturbance.ts';

const FATES: readonly Fate[] = ['reset', 'half', 'answer-lost', 'answer-lost'];
const STRIKES = 0.2;

/** The line between the app and Maya breaks at random pieces, both ways, and heals. */
export const network: Disturbance = {
  name: 'network',
  engines: ['sqlite', 'postgres'],
  round: async (stage, number, { crowd }) => {
    const proxy = await startTcpProxy({ host: '127.0.0.1', port: stage.simulator.port });
    const url = `http://localhost:${proxy.port}`;
    try {
      return await withScene(stage, `network ${number}`, crowd, async (scene) => {
        await stage.startServer({ MAYA_API_URL: url, MAYA_TOKEN_URL: `${url}/oauth/token` });
        const random = seededRandom(number);
        const busy = await arriveThenTap(stage, scene.customers, () => 'approved', {
          tokensEnded: number % 3 === 0,
        });
        let strikes = 0;
        proxy.watch(() => {
          if (random() >= STRIKES) return 'pass';
          strikes += 1;
          return FATES[Math.floor(random() * FATES.length)] ?? 'pass';
        });
        await Promise.allSettled(busy);
        await pause(2_000);
        scene.tally.payments = await unsettled(stage);
        proxy.watch(undefined);
        if (strikes === 0) scene.tally.missed = 1;
        return scene.finish();
      });
    } finally {
      await proxy.close();
    }
  },
};
