import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStage, type Stage, type StageEngine } from '../built/stage.ts';
import { pause } from '../chaos/inspect.ts';
import { type Distribution, distribution } from './numbers.ts';
import { handOff } from './session-url.ts';

const WARM_UP = 100;
const LANDINGS = 150;
/** Between two customers. */
const EVERY_MS = 20;
/** The limit that the app has where nothing else is set. */
const LIMIT = 300;
const FLOOD = 3 * LIMIT;

/** Milliseconds each, of one customer after the other. */
export type FloodRow = {
  store: StageEngine;
  handOff: Distribution;
  landing: Distribution;
  landingInFlood: Distribution;
  /** What the flood was answered a second, by status. */
  flood: Record<string, number>;
};

/**
 * How long Maya waits for the Session URL, and how much longer customers take to land while somebody who has the
 * secret posts to it three times as often as it takes.
 */
export async function measureSessionFlood(engine: StageEngine): Promise<FloodRow> {
  const folder = mkdtempSync(join(tmpdir(), 'mini-app-bench-'));
  const stage = await openStage(engine, {
    // Customers of the flood wait with their links until it is there.
    env: { SESSION_URL_RATE_LIMIT: String(LIMIT), SESSION_ID_TTL_SECONDS: '3600' },
  });
  try {
    const body = join(folder, 'body.json');
    writeFileSync(body, JSON.stringify(handOff()));
    const sessionUrl = `${stage.appUrl}/api/maya/session/${stage.secrets.sessionUrlSecret}`;
    await arrive(stage, sessionUrl, WARM_UP);
    const { ids, times } = await arrive(stage, sessionUrl, 2 * LANDINGS);
    const quiet = await landAll(stage, ids.slice(0, LANDINGS));
    const flood = spawn(process.execPath, ['e2e/bench/flood.ts', sessionUrl, String(FLOOD), body], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await pause(1_000);
    const inFlood = await landAll(stage, ids.slice(LANDINGS));
    flood.stdin.end();
    let text = '';
    for await (const chunk of flood.stdout) text += String(chunk);
    const { statuses, seconds } = JSON.parse(text) as { statuses: Record<string, number>; seconds: number };
    return {
      store: engine,
      handOff: distribution(times),
      landing: distribution(quiet),
      landingInFlood: distribution(inFlood),
      flood: Object.fromEntries(Object.entries(statuses).map(([status, count]) => [status, count / seconds])),
    };
  } finally {
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Maya hands over customers, one after the other. */
async function arrive(stage: Stage, sessionUrl: string, count: number) {
  const ids: string[] = [];
  const times: number[] = [];
  for (let number = 0; number < count; number += 1) {
    const started = performance.now();
    const answer = await fetch(sessionUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(handOff()),
    });
    const { sessionId } = (await answer.json()) as { sessionId?: string };
    times.push(performance.now() - started);
    if (sessionId === undefined) throw new Error(`${stage.appUrl} took no hand-off: ${answer.status}`);
    ids.push(sessionId);
    await pause(EVERY_MS / 4);
  }
  return { ids, times };
}

async function landAll(stage: Stage, ids: readonly string[]): Promise<number[]> {
  const times: number[] = [];
  for (const id of ids) {
    const started = performance.now();
    const answer = await fetch(`${stage.appUrl}/launch?sessionId=${id}`, { redirect: 'manual' });
    await answer.arrayBuffer();
    times.push(performance.now() - started);
    const to = answer.headers.get('location');
    if (to !== '/?launched=1') throw new Error(`a customer landed on ${answer.status} ${to}`);
    await pause(EVERY_MS);
  }
  return times;
}
