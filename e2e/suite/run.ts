import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { POSTGRES_URL } from '../rig/postgres.ts';
import { findOrInstallBrowser } from './browser.ts';
import { BUILD_CANARIES } from './build-canaries.ts';

/**
 * `npm test`: format and lint, types, the production build, units, both stores, server processes of that build, simulated worlds, and
 * the browser stories. Brings the browser it needs. Ends with `N passed, N failed`.
 */

type Count = { passed: number; failed: number };
type Step = { name: string; args: string[]; count: (ok: boolean) => Count; env?: Record<string, string> };

const MODULES = 'node_modules';
const reports = mkdtempSync(join(tmpdir(), 'mini-app-suite-'));

/** A step that is one test by itself. */
const single = (ok: boolean): Count => (ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });

/** A step whose report counts its tests. Without a report, or without a test, it failed. */
function counted(file: string, read: (report: unknown) => Count): (ok: boolean) => Count {
  return (ok) => {
    try {
      const { passed, failed } = read(JSON.parse(readFileSync(file, 'utf8')));
      if (!ok && failed === 0) return { passed, failed: 1 };
      return passed + failed === 0 ? single(false) : { passed, failed };
    } catch {
      return single(false);
    }
  };
}

/** Specs of the store mostly wait for the disk, so more of them than there are cores. */
const WORKERS = 3;

function vitest(name: string, projects: string[], more: string[] = []): Step {
  const report = join(reports, `${name.replaceAll(' ', '-')}.json`);
  return {
    name,
    args: [
      join(MODULES, 'vitest/vitest.mjs'),
      'run',
      ...projects.flatMap((project) => ['--project', project]),
      ...more,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    count: counted(report, (json) => {
      const { numPassedTests: passed, numTotalTests: total } = json as Record<string, number>;
      return { passed: passed ?? 0, failed: (total ?? 0) - (passed ?? 0) };
    }),
  };
}

function stories(): Step {
  const report = join(reports, 'stories.json');
  return {
    name: 'browser stories',
    args: [join(MODULES, 'playwright/cli.js'), 'test', '-c', 'e2e/stories/playwright.config.ts'],
    env: { STORIES_REPORT: report },
    count: counted(report, (json) => {
      const { expected, unexpected, flaky, skipped } = (json as { stats: Record<string, number> }).stats;
      return { passed: expected ?? 0, failed: (unexpected ?? 0) + (flaky ?? 0) + (skipped ?? 0) };
    }),
  };
}

/** Ten thousand simulated worlds; each invariant, and the list of what must be reached, counts as one test. */
function simulation(): Step {
  const report = join(reports, 'simulation.json');
  return {
    name: 'simulated worlds',
    args: ['e2e/simulation/run.ts', '--seeds', '10000', '--report', report],
    count: counted(report, (json) => json as Count),
  };
}

/** In order. Steps of one line run side by side; the first of them goes before. */
const order: [Step, ...Step[]][] = [
  [{ name: 'route types', args: [join(MODULES, 'next/dist/bin/next'), 'typegen'], count: single }],
  // Not beside the build, which writes the route types anew while the compiler may be reading them.
  [
    { name: 'types', args: [join(MODULES, 'typescript/bin/tsc'), '--noEmit'], count: single },
    { name: 'format and lint', args: [join(MODULES, '@biomejs/biome/bin/biome'), 'ci', '.'], count: single },
  ],
  [
    {
      name: 'production build',
      args: [join(MODULES, 'next/dist/bin/next'), 'build'],
      env: BUILD_CANARIES,
      count: single,
    },
  ],
  [vitest('units and both stores', ['unit', 'sqlite', 'postgres'], [`--maxWorkers=${WORKERS}`])],
  [vitest('servers of the build', ['built'])],
  [simulation()],
  [stories()],
];

/** What is told once more at the very end of a step that failed, however much the steps after it print. */
const TOLD_AGAIN_LINES = 60;

/** Runs a step; one in the background yields the processor, and its output is shown when it has ended. */
function run(step: Step, background: boolean): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    const colours = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
    const env = {
      ...process.env,
      ...colours,
      NEXT_TELEMETRY_DISABLED: '1',
      ...step.env,
    };
    const child = spawn(process.execPath, step.args, { stdio: ['ignore', 'pipe', 'pipe'], env });
    const parts: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (part: Buffer) => {
        parts.push(part);
        if (!background) process.stdout.write(part);
      });
    if (background && child.pid) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    child.once('error', (error) => resolve({ ok: false, output: error.message }));
    child.once('close', (code, signal) => {
      const output = Buffer.concat(parts).toString();
      if (background) process.stdout.write(`\n── ${step.name}\n${output}`);
      resolve({ ok: code === 0, output: signal ? `${output}\nended by ${signal}` : output });
    });
  });
}

/** Says how to get a PostgreSQL server before anything else is tried without one. */
async function assertPostgres(): Promise<void> {
  const client = new Client({ connectionString: POSTGRES_URL });
  try {
    await client.connect();
    await client.end();
  } catch {
    console.error(
      `No PostgreSQL server answers at ${new URL(POSTGRES_URL).host}. The suite runs on SQLite and on PostgreSQL.\n` +
        'Start one:  docker run -d -p 5432:5432 -e POSTGRES_HOST_AUTH_METHOD=trust postgres:17\n' +
        'or name yours:  TEST_POSTGRES_URL=postgres://user:password@host:5432/postgres npm test',
    );
    console.log('0 passed, 1 failed');
    process.exit(1);
  }
}

const started = performance.now();
await assertPostgres();
try {
  findOrInstallBrowser((text) => console.log(text));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log('0 passed, 1 failed');
  process.exit(1);
}
mkdirSync('test-results', { recursive: true });

const total: Count = { passed: 0, failed: 0 };
const lines: string[] = [];
const toldAgain: string[] = [];

async function runAndCount(step: Step, background: boolean): Promise<void> {
  const from = performance.now();
  const { ok, output } = await run(step, background);
  const { passed, failed } = step.count(ok);
  total.passed += passed;
  total.failed += failed;
  const seconds = ((performance.now() - from) / 1_000).toFixed(0);
  lines.push(`${failed === 0 ? '✓' : '✗'} ${step.name}: ${passed} passed, ${failed} failed (${seconds} s)`);
  if (failed > 0)
    toldAgain.push(
      `\n── the end of: ${step.name}\n${output.trimEnd().split('\n').slice(-TOLD_AGAIN_LINES).join('\n')}`,
    );
}

for (const [first, ...others] of order) {
  console.log(`\n── ${first.name}${others.map(({ name }) => `, beside it ${name}`).join('')}`);
  await Promise.all([runAndCount(first, false), ...others.map((step) => runAndCount(step, true))]);
}
rmSync(reports, { recursive: true, force: true });
for (const text of toldAgain) console.log(text);
console.log(`\n${lines.join('\n')}\nin ${((performance.now() - started) / 60_000).toFixed(1)} minutes\n`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);
