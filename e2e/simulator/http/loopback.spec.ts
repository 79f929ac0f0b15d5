import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { startForTest } from './fixture.ts';
import { listenOnLoopback, PortTaken } from './listen.ts';

const statusFor = (hostname: string, port: number, path: string, headers: Record<string, string>) =>
  new Promise<number | undefined>((resolve, reject) => {
    request({ hostname, port, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .once('error', reject)
      .end();
  });

describe('only this machine', () => {
  test.each([
    ['localhost', 200],
    ['localhost:4000', 200],
    ['127.0.0.1:1', 200],
    ['[::1]:4000', 200],
    ['simulator.example', 403],
    ['localhost.example', 403],
    ['127.0.0.1.example', 403],
  ])('Host %s: %d', async (host, status) => {
    await using sim = await startForTest();
    expect(await statusFor('127.0.0.1', sim.simulator.port, '/_sim/settings', { host })).toBe(status);
  });

  test("another site's page is refused, the simulator's own is not", async () => {
    await using sim = await startForTest();
    const { port } = sim.simulator;
    const from = (origin: string) =>
      statusFor('127.0.0.1', port, '/_sim/settings', { host: `localhost:${port}`, origin });
    expect(await from('http://evil.example')).toBe(403);
    expect(await from('http://localhost:3000')).toBe(403);
    expect(await from('null')).toBe(403);
    expect(await from(`http://localhost:${port}`)).toBe(200);
  });

  test('both families, where the machine has both', async () => {
    const { port, close } = await listenOnLoopback(0, (_, response) => void response.end());
    expect(await statusFor('127.0.0.1', port, '/', {})).toBe(200);
    const six = await statusFor('::1', port, '/', {}).catch((error: NodeJS.ErrnoException) => error.code);
    expect([200, 'EADDRNOTAVAIL', 'EAFNOSUPPORT']).toContain(six);
    await close();
  });

  test('a taken port', async () => {
    const { port, close } = await listenOnLoopback(0, () => undefined);
    await expect(listenOnLoopback(port, () => undefined)).rejects.toThrow(PortTaken);
    await close();
    const again = await listenOnLoopback(port, () => undefined);
    await again.close();
  });
});
