import { getRandomValues } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createEcommpay, type Ecommpay } from './ecommpay/ecommpay.ts';
import type { Settings as EcommpaySettings } from './ecommpay/settings.ts';
import type { Credentials as EcommpayCredentials } from './ecommpay/world.ts';
import { createMovableClock } from './http/clock.ts';
import { serveControl } from './http/control/serve.ts';
import { createCourier } from './http/ecommpay/courier.ts';
import { isOfEcommpay, isOpenToOthers, serveEcommpay } from './http/ecommpay/serve.ts';
import { type Listening, listenOnLoopback } from './http/listen.ts';
import { isForeignPage, isLoopbackHost } from './http/loopback.ts';
import { serveMayaApi } from './http/maya-api.ts';
import { isBrowsing, servePage } from './http/page-files.ts';
import { type ProfileKeys, sealProfile } from './http/profile-seal.ts';
import { launch } from './http/session-url-call.ts';
import { createMaya, type Maya } from './maya/maya.ts';
import { randomBase64url } from './maya/randomness.ts';
import type { ProfileClaims } from './maya/reply.ts';
import type { Settings } from './maya/settings.ts';

export type SimulatorOptions = {
  /** 0 takes any free port. */
  port: number;
  /** Origin of the merchant's app. */
  appUrl: string;
  clientId: string;
  clientSecret: string;
  p2mId: string;
  /** The secret last part of the Session URL, if it has one. */
  sessionUrlSecret?: string | undefined;
  /** `GET /profile` answers 403 without. */
  profile?: ProfileKeys | undefined;
  /** What ECommPay and the merchant agreed on; made up, and told to nobody, where it is unset. */
  ecommpay?: EcommpayCredentials | undefined;
  ecommpaySettings?: Partial<EcommpaySettings>;
  /** Under the tile on the phone, and on the payment pages. */
  merchantName?: string;
  /** Settings at the start and after a reset. */
  settings?: Partial<Settings>;
  /** How long Maya waits for the Session URL. */
  sessionUrlLimitMs?: number;
};

export type Simulator = {
  /** With `localhost`, as the app's frame must share its site. */
  url: string;
  port: number;
  maya: Maya;
  ecommpay: Ecommpay;
  /** Lets time pass at Maya and ECommPay, not in the app; resolves when everything due by then was brought to the app. */
  advance(ms: number): Promise<void>;
  close(): Promise<void>;
};

const SESSION_URL_LIMIT_MS = 5_000;
const RANDOM_VALUES = 2 ** 32;
const SECRET_CHARACTERS = 40;

const random = () => (getRandomValues(new Uint32Array(1))[0] ?? 0) / RANDOM_VALUES;

/** Serves Maya's API, ECommPay, the phone and the control API on one port of this machine. Throws `PortTaken`, or a key's own error. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { appUrl, sessionUrlSecret, profile } = options;
  const seal = await sealer(profile);
  const merchantName = options.merchantName ?? 'The shop';
  let lastNumber = 0;
  const nextNumber = () => {
    lastNumber += 1;
    return lastNumber;
  };
  const clock = createMovableClock();
  const maya = createMaya({
    now: clock.now,
    random,
    credentials: { clientId: options.clientId, clientSecret: options.clientSecret, p2mId: options.p2mId },
    app: {
      sessionUrl: new URL(`/api/maya/session${sessionUrlSecret ? `/${sessionUrlSecret}` : ''}`, appUrl).href,
      landingUrl: new URL('/launch', appUrl).href,
    },
    settings: options.settings ?? {},
    profile: profile !== undefined,
    secrets: sessionUrlSecret ? [sessionUrlSecret] : [],
    nextNumber,
  });
  let url = '';
  const ecommpay = createEcommpay({
    now: clock.now,
    random,
    credentials: options.ecommpay ?? nobodysCredentials(),
    callbackUrl: new URL('/api/ecommpay/callback', appUrl).href,
    origin: () => url,
    merchantName,
    settings: options.ecommpaySettings ?? {},
    wallets: { list: maya.customers, take: maya.takeFromWallet },
    nextNumber,
    changed: () => courier.arm(),
  });
  const courier = createCourier(ecommpay, clock);
  const limitMs = options.sessionUrlLimitMs ?? SESSION_URL_LIMIT_MS;
  const { advance } = courier;
  const controls = {
    maya,
    launch: (customerId: string) => launch(maya, customerId, limitMs),
    ecommpay,
    clock,
    advance,
  };
  const page = { appUrl, merchantName };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const pathname = (request.url ?? '').split('?', 1)[0] ?? '';
    if (!isLoopbackHost(request) || (isForeignPage(request) && !isOpenToOthers(request, pathname))) {
      response.writeHead(403, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          error: 'foreign_host',
          message: 'The simulator answers only programs and its own page on this machine.',
          mend: 'Use http://localhost with its port.',
        }),
      );
      return;
    }
    if (pathname.startsWith('/_sim/')) await serveControl(controls, request, response);
    else if (isOfEcommpay(pathname)) await serveEcommpay(ecommpay, request, response);
    else if (isBrowsing(request, pathname)) servePage(request, response, pathname, page);
    else await serveMayaApi(maya, seal, request, response);
  };

  const listening: Listening = await listenOnLoopback(options.port, (request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (response.destroyed) return;
      console.error(error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  url = `http://localhost:${listening.port}`;
  const close = async () => {
    await courier.close();
    await listening.close();
  };
  return { url, port: listening.port, maya, ecommpay, advance, close };
}

/** A rail that nobody has the key to. */
function nobodysCredentials(): EcommpayCredentials {
  const text = () => randomBase64url(random, SECRET_CHARACTERS);
  return { projectId: 1, secret: text(), dataToken: text(), dataSecret: text() };
}

/** Tries the keys at once, so that a wrong one stops the start and not the first profile. */
async function sealer(keys: ProfileKeys | undefined): Promise<(claims: ProfileClaims) => Promise<string>> {
  if (!keys) return () => Promise.reject(new Error('The profile is closed'));
  const seal = (claims: ProfileClaims) => sealProfile(claims, keys);
  await seal({ sub: 'trial', name: 'Trial', kycStatus: 'NONE' });
  return seal;
}
