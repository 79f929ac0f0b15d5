import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startForTest } from './fixture.ts';

const FOLDER = path.join(import.meta.dirname, '..', 'page');
const files = readdirSync(FOLDER);

let sim: Awaited<ReturnType<typeof startForTest>>;
beforeAll(async () => {
  sim = await startForTest({}, { appUrl: 'http://localhost:3456', merchantName: 'Tala & <Sons>' });
});
afterAll(() => sim.close());

describe('the page', () => {
  test.each(files)('%s is served, and fetches nothing from elsewhere', async (file) => {
    const answer = await fetch(file === 'index.html' ? sim.url : `${sim.url}/page/${file}`);
    expect(answer.status).toBe(200);
    const text = await answer.text();
    expect(text).not.toMatch(/https?:\/\/|url\(|@import/);
    if (file !== 'index.html') expect(text).toBe(readFileSync(path.join(FOLDER, file), 'utf8'));
  });

  test('has a strict policy that lets in the app alone', async () => {
    const { headers } = await fetch(sim.url);
    const policy = headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain('frame-src http://localhost:3456;');
    expect(policy).not.toMatch(/unsafe|\*/);
  });

  test('is read on localhost, as the app in its frame is', async () => {
    const address = `http://127.0.0.1:${sim.simulator.port}/?customer=jose`;
    const answer = await fetch(address, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, `${sim.url}/?customer=jose`]);
  });

  test('names the merchant', async () => {
    const text = await (await fetch(sim.url)).text();
    expect(text).toContain('Opening Tala &amp; &lt;Sons>…');
    expect(text).not.toContain('{{');
  });

  test('gives each id once', () => {
    const page = readFileSync(path.join(FOLDER, 'index.html'), 'utf8');
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.length).toBeGreaterThan(50);
    expect(ids).toEqual([...new Set(ids)]);
  });

  test('what a browser asks for on its own is no violation', async () => {
    for (const pathname of ['/favicon.ico', '/page/../start.ts', '/page/constructor']) {
      expect((await fetch(sim.url + pathname)).status).toBe(404);
    }
    expect(sim.kinds()).toEqual([]);
    await fetch(`${sim.url}/merchant/payments`, { headers: { authorization: 'Bearer x' } });
    expect(sim.kinds()).toEqual(['endpoint-unknown']);
  });
});
