import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStage, type StageEngine } from '../built/stage.ts';
import { makeDatabase } from '../rig/postgres.ts';
import type { Baseline } from './baseline-server.ts';
import { median } from './numbers.ts';
import { postAgain } from './run-load.ts';

/** Until the code that runs is compiled: both sides reach their steady rate after some thousand requests. */
const WARM_UP_SECONDS = 12;
const ROUNDS = 6;
const SECONDS = 5;

export type ThroughputRow = { store: StageEngine; baseline: number; ours: number; ratio: number };

/**
 * Hand-offs a second at the Session URL against a minimal route handler with one durable insert, limits raised, the
 * two in turn so that a noisy moment meets both.
 */
export async function measureSessionUrl(engine: StageEngine, app: Baseline): Promise<ThroughputRow> {
  const folder = mkdtempSync(join(tmpdir(), 'mini-app-bench-'));
  const database = engine === 'postgres' ? await makeDatabase() : undefined;
  const baseline = await app.start(database?.url ?? `file:${join(folder, 'baseline.db')}`);
  const stage = await openStage(engine, {
    env: { SESSION_URL_RATE_LIMIT: '1000000', SESSION_URL_MAX_UNREDEEMED: '10000000' },
  });
  try {
    const body = join(folder, 'body.json');
    writeFileSync(body, JSON.stringify(handOff()));
    const ours = `${stage.appUrl}/api/maya/session/${stage.secrets.sessionUrlSecret}`;
    const theirs = `${baseline.url}/api/insert`;
    await postAgain(ours, WARM_UP_SECONDS, body);
    await postAgain(theirs, WARM_UP_SECONDS, body);
    const rates: { ours: number[]; baseline: number[] } = { ours: [], baseline: [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      const order = round % 2 === 0 ? (['baseline', 'ours'] as const) : (['ours', 'baseline'] as const);
      for (const which of order)
        rates[which].push(await postAgain(which === 'ours' ? ours : theirs, SECONDS, body));
    }
    const ratios = rates.ours.map((rate, round) => rate / (rates.baseline[round] ?? Number.NaN));
    return {
      store: engine,
      baseline: median(rates.baseline),
      ours: median(rates.ours),
      ratio: median(ratios),
    };
  } finally {
    await stage.close();
    await baseline.stop();
    await database?.drop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A body as Maya posts it, with tokens as long as Maya's. */
export function handOff(): Record<string, unknown> {
  const part = (bytes: number) => randomBytes(bytes).toString('base64url');
  return {
    accessToken: [part(60), part(256), part(12), part(760), part(16)].join('.'),
    refreshToken: [part(60), part(520), part(64)].join('.'),
    expiresAt: Math.floor(Date.now() / 1_000) + 600,
  };
}
