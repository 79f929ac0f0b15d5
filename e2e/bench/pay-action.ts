import { randomUUID } from 'node:crypto';
import { createFetch } from '#lib/base/http.ts';
import { CURRENCY } from '#lib/base/money.ts';
import { freshCustomer, goToCheckout, openStage, type Stage, type StageEngine } from '../built/stage.ts';
import { median, quantile } from './numbers.ts';

const UPSTREAM_MS = 50;
const SAMPLES = 80;

/** As many as one session may open in ten minutes. */
const PER_SESSION = 5;

export type LatencyRow = {
  store: StageEngine;
  baselineMs: number;
  oursMs: number;
  p90Ms: number;
  ratio: number;
};

/**
 * The pay action, from the post of the form to its answer, with an upstream of 50 ms, against a bare script that does
 * nothing but the two calls. One of each in turn.
 */
export async function measurePayAction(engine: StageEngine): Promise<LatencyRow> {
  const stage = await openStage(engine);
  stage.simulator.maya.changeSettings({ latencyMs: 0 });
  try {
    const bare = await bareCaller(stage);
    const ours: number[] = [];
    const baseline: number[] = [];
    while (ours.length < SAMPLES) {
      const webview = await stage.launch(freshCustomer());
      for (let payment = 0; payment < PER_SESSION; payment += 1) {
        await goToCheckout(webview);
        const [address, form] = webview.prepare(/^Pay /);
        stage.simulator.maya.changeSettings({ latencyMs: UPSTREAM_MS });
        const started = performance.now();
        const answer = await webview.send('POST', new URL(address), form.body, form.type);
        await answer.body.dump();
        ours.push(performance.now() - started);
        if (answer.statusCode !== 303) throw new Error(`Pay answered ${answer.statusCode}`);
        baseline.push(await bare());
        stage.simulator.maya.changeSettings({ latencyMs: 0 });
      }
      await webview.close();
    }
    const warm = (numbers: number[]) => numbers.slice(PER_SESSION);
    const [oursMs, baselineMs] = [median(warm(ours)), median(warm(baseline))];
    return {
      store: engine,
      baselineMs,
      oursMs,
      p90Ms: quantile(warm(ours), 0.9),
      ratio: oursMs / baselineMs,
    };
  } finally {
    await stage.close();
  }
}

/** Create and execute as a script would do them: no store, no states, tokens at hand. */
async function bareCaller(stage: Stage): Promise<() => Promise<number>> {
  const { fetch } = createFetch({ connectTimeoutMs: 5_000 });
  const { maya, url } = stage.simulator;
  const call = async (path: string, headers: Record<string, string>, body: string) => {
    const answer = await fetch(url + path, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(10_000),
      redirect: 'manual',
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    return (await answer.json()) as Record<string, string>;
  };
  const { clientId, clientSecret, p2mId } = stage.secrets;
  const { access_token: clientToken } = await call(
    '/oauth/token',
    {
      Authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      'Content-Type': 'application/x-www-form-urlencoded',
      Accept: 'application/json',
    },
    'grant_type=client_credentials',
  );
  const customer = freshCustomer();
  maya.saveCustomer({ id: customer, name: 'Bare Script', balanceCentavos: 100_000_000 });
  const launch = maya.launch(customer);
  if (!('call' in launch) || !launch.call) throw new Error('the bare script got no tokens');
  const { accessToken } = JSON.parse(launch.call.body) as { accessToken: string };
  const headers = () => ({
    'Content-Type': 'application/json',
    Accept: 'application/json',
    'Accept-Encoding': 'gzip, deflate',
    'Request-Reference-No': randomUUID(),
    Authorization: `Bearer ${clientToken}`,
    'X-Authorization': accessToken,
  });
  return async () => {
    const started = performance.now();
    const body = JSON.stringify({ p2mId, amount: { currency: CURRENCY, value: 220.5 } });
    const { id } = await call('/merchant/payments', headers(), body);
    await call(`/merchant/payments/${id}/execute`, headers(), '{}');
    return performance.now() - started;
  };
}
