import { type BuiltServer, startBuilt } from '../built/server.ts';
import type { Stage } from '../built/stage.ts';
import { freePort } from '../dev/ports.ts';
import { pause } from './inspect.ts';

/** Several server processes on one store, at addresses that stay the same when one is killed and started again. */
export class Fleet {
  readonly #stage: Stage;
  readonly #slots: { port: number; server: BuiltServer }[] = [];
  kills = 0;

  private constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** The first takes the stage's public address. */
  static async start(stage: Stage, size: number): Promise<Fleet> {
    const fleet = new Fleet(stage);
    const ports = [Number(new URL(stage.appUrl).port)];
    while (ports.length < size) ports.push(await freePort());
    for (const port of ports) fleet.#slots.push({ port, server: await fleet.#startAt(port) });
    return fleet;
  }

  get urls(): string[] {
    return this.#slots.map(({ server }) => server.url);
  }

  async #startAt(port: number): Promise<BuiltServer> {
    const server = await startBuilt(this.#stage.env, { port });
    this.#stage.servers.push(server);
    return server;
  }

  /** Kills one after the other at random moments and starts it again, until told to stop; then all are up. */
  async killNowAndThen(random: () => number, everyMs: number, stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      await pause(everyMs * (0.5 + random()));
      if (stop.aborted) return;
      const slot = this.#slots[Math.floor(random() * this.#slots.length)];
      if (!slot) return;
      await slot.server.kill('SIGKILL');
      this.kills += 1;
      await pause(500 * random());
      slot.server = await this.#startAt(slot.port);
    }
  }
}
