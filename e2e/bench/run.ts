import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildBaseline } from './baseline-server.ts';
import { measureCallbacks } from './callbacks.ts';
import { measureFirstPages } from './first-page.ts';
import { distribution } from './numbers.ts';
import { measurePayAction } from './pay-action.ts';
import { measureSessionFlood } from './session-flood.ts';
import { measureSessionUrl, type ThroughputRow } from './session-url.ts';
import { measureSpeedOfTruth } from './speed-of-truth.ts';

/**
 * `npm run bench`: each figure against a baseline that is built and run in the same call, since machines are noisy and
 * only a ratio says something. With names (`session-url`, `session-flood`, `callbacks`, `first-page`, `pay-action`, `speed-of-truth`) only those.
 */
const ENGINES = ['sqlite', 'postgres'] as const;

function build(): void {
  const { status } = spawnSync(process.execPath, ['node_modules/next/dist/bin/next', 'build'], {
    stdio: 'inherit',
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
  });
  if (status !== 0 || !existsSync('.next/BUILD_ID')) throw new Error('the app does not build');
}

const wanted = process.argv.slice(2);
const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name);

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`);
build();

const baselineApp = ['session-url', 'callbacks', 'first-page'].some(isWanted) ? buildBaseline() : null;
const printThroughput = ({ store, baseline, ours, ratio }: ThroughputRow) =>
  console.log(
    `  ${store.padEnd(9)} baseline ${baseline.toFixed(0)}   ours ${ours.toFixed(0)}   ratio ${ratio.toFixed(2)}`,
  );

if (baselineApp && isWanted('session-url')) {
  console.log(
    '\nSession URL: hand-offs a second, against a minimal route handler with one durable insert (aim: at least 0.85)',
  );
  for (const engine of ENGINES) printThroughput(await measureSessionUrl(engine, baselineApp));
}

if (isWanted('session-flood')) {
  console.log(
    '\nSession URL, one customer after the other (aim: p99 at most 50 ms), and landing while it is flooded (aim: at most twice as long)',
  );
  for (const engine of ENGINES) {
    const { handOff, landing, landingInFlood, flood } = await measureSessionFlood(engine);
    for (const [name, numbers] of Object.entries({
      'hand-off': handOff,
      landing,
      'landing in the flood': landingInFlood,
    }))
      console.log(
        `  ${engine.padEnd(9)} ${name.padEnd(20)} p50 ${numbers.p50.toFixed(1)} ms   p90 ${numbers.p90.toFixed(1)} ms   p99 ${numbers.p99.toFixed(1)} ms   n ${numbers.n}`,
      );
    const answered = Object.entries(flood).map(([status, rate]) => `${status}: ${rate.toFixed(0)} a second`);
    console.log(
      `  ${engine.padEnd(9)} ratio p50 ${(landingInFlood.p50 / landing.p50).toFixed(2)}, p99 ${(landingInFlood.p99 / landing.p99).toFixed(2)}; the flood was answered ${answered.join(', ')}`,
    );
  }
}

if (baselineApp && isWanted('callbacks')) {
  console.log(
    '\nCallbacks: authentic successes taken a second, against a minimal route handler with one durable insert (aim: at least 0.85)',
  );
  for (const engine of ENGINES) printThroughput(await measureCallbacks(engine, baselineApp));
}

if (baselineApp && isWanted('first-page')) {
  console.log(
    '\nFirst page, against a minimal Next page with a form (aims: JavaScript at most 1.06, first paint at most 1.2)',
  );
  const folder = mkdtempSync(join(tmpdir(), 'mini-app-bench-'));
  for (const page of await measureFirstPages(baselineApp, `file:${join(folder, 'baseline.db')}`))
    console.log(
      `  ${page.name.padEnd(9)} JavaScript ${(page.scriptBytes / 1_024).toFixed(1)} KB   ratio ${page.scriptRatio.toFixed(3)}` +
        `   first paint on slow 3G ${page.paintMs.toFixed(0)} ms   ratio ${page.paintRatio.toFixed(2)}` +
        (page.name === 'checkout' ? `   payable at first paint: ${page.payable ? 'yes' : 'no'}` : ''),
    );
  rmSync(folder, { recursive: true, force: true });
}
baselineApp?.remove();

if (isWanted('pay-action')) {
  console.log(
    '\nPay action: p50 with an upstream of 50 ms, against a bare script doing the two calls (aim: at most 1.06)',
  );
  for (const engine of ENGINES) {
    const { baselineMs, oursMs, p90Ms, ratio } = await measurePayAction(engine);
    console.log(
      `  ${engine.padEnd(9)} baseline ${baselineMs.toFixed(1)} ms   ours ${oursMs.toFixed(1)} ms (p90 ${p90Ms.toFixed(1)})   ratio ${ratio.toFixed(3)}`,
    );
  }
}

if (isWanted('speed-of-truth')) {
  console.log(
    '\nSpeed of truth: how soon the outcome is known after an answer, or a process, was lost (Hyperswitch looks first after 60 s, Kill Bill after 300 s)',
  );
  for (const engine of ENGINES) {
    const { toNextLook, toResolved, afterKill } = await measureSpeedOfTruth(engine);
    for (const [name, numbers, aim] of [
      ['from the end of a lost attempt to the next look', toNextLook, 'max 1 s'],
      ['from there to resolved, without upstream time', toResolved, 'p99 5 s'],
      ['from the start after a SIGKILL to final or in review', afterKill, 'max 10 s'],
    ] as const) {
      const { n, ...values } = distribution(numbers);
      const told = Object.entries(values).map(
        ([key, value]) => `${key} ${(value / 1_000).toFixed(2).padStart(5)} s`,
      );
      console.log(`  ${engine.padEnd(9)} ${name.padEnd(53)} ${told.join('   ')}   n ${n}   (aim: ${aim})`);
    }
  }
}
process.exit(0);
