import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { FaultPoint } from '#lib/base/fault-points.ts';
import { freePort } from '../dev/ports.ts';
import { pause } from './inspect.ts';
import type { Kills, Sending } from './payout-run.ts';
import { openCount } from './payout-staff.ts';
import type { Answered } from './payout-stage.ts';

const ENGINES = 2;
const LOOK_EVERY_MS = 250;

/** Points that a process passes, and about how often for each payout that is sent. */
type Passages = Partial<Record<FaultPoint, number>> & Record<string, number>;

/** The command that staff runs. It asks at once about what was not answered. */
const SENDING: Passages = {
  'payout.recorded': 1,
  'payout.answered': 1,
  'payout.saved': 1,
  'payout.asked': 0.03,
};

/** A server. It sends only what was lost. */
const SERVING: Passages = {
  'payout.said': 0.5,
  'payout.asked': 0.05,
  'payout.recorded': 0,
  'payout.answered': 0,
  'payout.saved': 0,
};

/** Two servers, which come back when they die, and the command that staff runs. */
export class PayoutFleet {
  readonly kills: Kills = {};
  readonly #run: Sending;
  readonly #alive = new Set<ChildProcess>();
  readonly #engines = new Map<number, ChildProcess>();
  #armedLeft: number;
  #armed = 0;
  #isOver = false;
  /** Killed from here, whatever point they had. */
  readonly #shot = new WeakSet<ChildProcess>();

  constructor(run: Sending) {
    this.#run = run;
    this.#armedLeft = Math.ceil(run.kills / 2);
  }

  async start(): Promise<void> {
    await Promise.all(Array.from({ length: ENGINES }, async () => this.#keepEngine(await freePort())));
  }

  /** Hands a callback to a server that lives, as a load balancer would; `null` where it dies over it. */
  async answer(body: Buffer): Promise<Answered | null> {
    const ports = [...this.#engines.keys()];
    const port = ports[Math.floor(Math.random() * ports.length)];
    if (port === undefined) return null;
    try {
      const url = `http://localhost:${port}/api/ecommpay/callback`;
      const answer = await fetch(url, { method: 'POST', body: new Uint8Array(body) });
      return { status: answer.status, text: await answer.text() };
    } catch {
      return null;
    }
  }

  /** Runs the command until it ends or is killed. @returns why the batch was stopped */
  async send(): Promise<string | null> {
    const args = ['send', this.#run.batchId, '--as', 'chaos', '--json'];
    const child = this.#spawn('lib/cli/payouts.ts', args, SENDING, {});
    let text = '';
    child.stdout?.on('data', (part) => {
      text += String(part);
    });
    await once(child, 'close');
    if (child.signalCode !== null) return null;
    if (!text.startsWith('{')) throw new Error(`"payouts send" ended with ${child.exitCode}: ${text}`);
    return (JSON.parse(text) as { stopped: string | null }).stopped;
  }

  /** A server at this port, and another one whenever it dies. Resolves when the first is there. */
  async #keepEngine(port: number): Promise<void> {
    const child = this.#spawn('e2e/chaos/payout-engine.ts', [], SERVING, { PORT: String(port) });
    const gone = once(child, 'exit');
    await Promise.race([once(child, 'message'), gone]);
    if (child.exitCode === null && child.signalCode === null) this.#engines.set(port, child);
    void gone.then(async () => {
      this.#engines.delete(port);
      if (this.#isOver) return;
      if (child.signalCode === null) throw new Error(`a server ended by itself, with ${child.exitCode}`);
      await this.#keepEngine(port);
    });
  }

  #spawn(program: string, args: readonly string[], points: Passages, env: Record<string, string>) {
    const armed = this.#arm(points);
    const child = fork(program, [...args], {
      env: {
        NODE_ENV: 'test',
        ...this.#run.stage.env,
        ...env,
        ...(armed && { FAULT_POINT: armed }),
      },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      execArgv: [],
    });
    this.#alive.add(child);
    child.once('exit', (_code, signal) => {
      this.#alive.delete(child);
      const diedAtPoint = signal === 'SIGKILL' && !this.#shot.has(child);
      // Its point was never passed: another process gets one.
      if (armed && !diedAtPoint) this.#armedLeft += 1;
      if (signal === 'SIGKILL' && !this.#isOver) this.#count(diedAtPoint && armed ? armed : 'SIGKILL');
    });
    return child;
  }

  /** A point at which a process that is started dies, while there are such kills left to make. */
  #arm(points: Passages): string | undefined {
    if (this.#armedLeft === 0) return undefined;
    this.#armedLeft -= 1;
    const { random, rows, kills } = this.#run;
    const names = Object.keys(points);
    const point = names[this.#armed % names.length] ?? '';
    this.#armed += 1;
    // Of what passes between two kills: so that it comes to that.
    const passages = Math.max(1, Math.floor((rows / (kills + 1)) * (points[point] ?? 0)));
    return `${point}:${1 + Math.floor(random() * passages)}`;
  }

  /** Kills whoever is alive at random moments, spread over the sending. */
  async killNowAndThen(stop: AbortSignal): Promise<void> {
    const { random, kills, rows } = this.#run;
    const planned = Math.floor(kills / 2);
    const moments = Array.from({ length: planned }, () => random() * rows).sort((a, b) => a - b);
    for (const moment of moments) {
      while (!stop.aborted && (await this.#settled()) < moment) await pause(LOOK_EVERY_MS);
      if (stop.aborted) return;
      await pause(300 * random());
      const victims = [...this.#alive];
      const victim = victims[Math.floor(random() * victims.length)];
      if (!victim) continue;
      this.#shot.add(victim);
      victim.kill('SIGKILL');
    }
  }

  async #settled(): Promise<number> {
    return this.#run.rows - (await openCount(this.#run.watch)).open;
  }

  #count(how: string): void {
    const [byWhat = how] = how.split(':');
    this.kills[byWhat] = (this.kills[byWhat] ?? 0) + 1;
    const sum = Object.values(this.kills).reduce((total, count) => total + count, 0);
    this.#run.tell(`killed ${sum} (${how})`);
  }

  async close(): Promise<void> {
    this.#isOver = true;
    const left = [...this.#alive];
    await Promise.all(
      left.map(async (child) => {
        const gone = once(child, 'exit');
        child.kill('SIGKILL');
        await gone;
      }),
    );
  }
}
