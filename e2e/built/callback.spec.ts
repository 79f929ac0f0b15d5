import { afterAll, beforeAll, expect, test } from 'vitest';
import { pourInto } from './cut-off.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage('sqlite', { rail: 'page' });
});
afterAll(() => stage.close());

const address = () => new URL('/api/ecommpay/callback', stage.appUrl);

test('E8: a callback of 10 MB is cut while reading', async () => {
  const { answer, sent } = await pourInto(address(), 10_000_000);
  if (answer !== '') expect(answer).toMatch(/^HTTP\/1.1 413 /);
  expect(sent).toBeLessThan(5_000_000);
  expect((await fetch(`${stage.appUrl}/api/ready`)).status).toBe(200);
});

test('E4: a forged callback hears 403 and nothing else', async () => {
  const body = JSON.stringify({ payment: { id: 'x', status: 'success' }, signature: 'x'.repeat(88) });
  const answer = await fetch(address(), { method: 'POST', body });
  expect([answer.status, await answer.text()]).toEqual([403, '']);
});
