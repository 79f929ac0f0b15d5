import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '#lib/db/migrate.ts';
import { openStore, type Store } from '#lib/db/store.ts';
import { appEnvironment, ecommpayEnvironment } from '../dev/environment.ts';
import { freePort } from '../dev/ports.ts';
import { type DevSecrets, makeSecrets } from '../dev/secrets.ts';
import { makeDatabase } from '../rig/postgres.ts';
import type { ScenarioName } from '../simulator/maya/scenarios/catalogue.ts';
import { type Simulator, startSimulator } from '../simulator/start.ts';
import { Webview } from '../webview/webview.ts';
import { type BuiltServer, startBuilt } from './server.ts';

export type StageEngine = 'sqlite' | 'postgres';

/** The production build with a simulator and a store of its own. */
export type Stage = {
  simulator: Simulator;
  secrets: DevSecrets;
  store: Store;
  databaseUrl: string;
  env: Record<string, string>;
  appUrl: string;
  servers: BuiltServer[];
  /** Starts another server process on the same store; the first one takes the public address. */
  startServer(env?: Record<string, string>): Promise<BuiltServer>;
  /** A customer of this name only, with money, who taps the tile. */
  launch(
    customer: string,
    options?: { balanceCentavos?: number; name?: string; scenario?: ScenarioName; calls?: number },
  ): Promise<Webview>;
  close(): Promise<void>;
};

/** Short limits: what takes a minute in life takes two seconds here. */
const SHORT: Record<string, string> = {
  MAYA_CONNECT_TIMEOUT_MS: '1000',
  MAYA_TIMEOUT_MS: '1500',
  MAYA_EXECUTE_TIMEOUT_MS: '2000',
  PAY_WAIT_MS: '1000',
  SESSION_URL_RATE_LIMIT: '10000',
};

export async function openStage(
  engine: StageEngine,
  options: {
    env?: Record<string, string>;
    onBody?: (body: string) => void;
    servers?: number;
    /** Which interface of ECommPay the merchant chose; that rail is off without. */
    rail?: 'page' | 'gate';
  } = {},
): Promise<Stage> {
  const secrets = await makeSecrets();
  const port = await freePort();
  const appUrl = `http://localhost:${port}`;
  const simulator = await startSimulator({
    port: 0,
    appUrl,
    clientId: secrets.clientId,
    clientSecret: secrets.clientSecret,
    p2mId: secrets.p2mId,
    sessionUrlSecret: secrets.sessionUrlSecret,
    profile: { encryption: secrets.profileEncryption, signing: secrets.profileSigning },
    merchantName: 'Tala Coffee Roasters',
    ecommpay: {
      projectId: secrets.ecommpayProjectId,
      secret: secrets.ecommpaySecret,
      dataToken: secrets.ecommpayDataToken,
      dataSecret: secrets.ecommpayDataSecret,
    },
    ecommpaySettings: { resultAfterMs: 300 },
    settings: { lateMs: 3_000, slowMs: 600, hangMs: 20_000 },
  });
  const folder = mkdtempSync(join(tmpdir(), 'mini-app-'));
  const database = engine === 'postgres' ? await makeDatabase() : undefined;
  const databaseUrl = database?.url ?? `file:${join(folder, 'app.db')}`;
  const store = openStore(databaseUrl);
  await migrate(store);
  const env = {
    ...appEnvironment(secrets, { app: port, simulator: simulator.port }),
    ...(options.rail
      ? {
          ...ecommpayEnvironment(secrets, { app: port, simulator: simulator.port }),
          ECOMMPAY_SALE: options.rail,
          ECOMMPAY_TIMEOUT_MS: '1500',
        }
      : {}),
    ...SHORT,
    DATABASE_URL: databaseUrl,
    APP_URL: appUrl,
    ...options.env,
  };
  const servers: BuiltServer[] = [];
  const webviews: Webview[] = [];
  const stage: Stage = {
    simulator,
    secrets,
    store,
    databaseUrl,
    env,
    appUrl,
    servers,
    startServer: async (more = {}) => {
      const taken = servers.some((server) => server.port === port && isAlive(server));
      const server = await startBuilt({ ...env, ...more }, taken ? {} : { port });
      servers.push(server);
      return server;
    },
    launch: async (
      customer,
      { balanceCentavos = 10_000_000, name = `Customer ${customer}`, scenario, calls } = {},
    ) => {
      simulator.maya.saveCustomer({ id: customer, name, balanceCentavos });
      if (scenario !== undefined)
        simulator.maya.setScenario({ customer, name: scenario, ...(calls ? { calls } : {}) });
      const launched = (await (
        await fetch(`${simulator.url}/_sim/launch`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ customer }),
        })
      ).json()) as { ok: boolean; landingUrl: string };
      if (!launched.ok) throw new Error(`the launch failed: ${JSON.stringify(launched)}`);
      const webview = new Webview({ appUrl, ...(options.onBody ? { onBody: options.onBody } : {}) });
      webviews.push(webview);
      await webview.open(launched.landingUrl);
      return webview;
    },
    close: async () => {
      await Promise.all(webviews.map((webview) => webview.close()));
      await Promise.all(servers.map((server) => (isAlive(server) ? server.kill() : undefined)));
      await simulator.close();
      await store.close();
      await database?.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  for (let number = 0; number < (options.servers ?? 1); number += 1) await stage.startServer();
  return stage;
}

function isAlive(server: BuiltServer): boolean {
  try {
    process.kill(server.pid, 0);
    return true;
  } catch {
    return false;
  }
}

export const freshCustomer = () => `c-${randomUUID().slice(0, 8)}`;

/** From the shop, where the tile leads, to the checkout page with its Pay button. */
export async function goToCheckout(webview: Webview, item = 'Tablea'): Promise<string> {
  const add = new RegExp(`^Add ${item}`);
  if (!webview.has(add)) await webview.open('/');
  await webview.submit(add);
  await webview.open('/cart');
  const checkout = await webview.submit('Check out');
  return checkout.url.pathname.split('/').at(-1) ?? '';
}
