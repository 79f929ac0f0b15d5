import { expect, test } from 'vitest';
import { sendInLives } from './payout-lives.ts';
import { runPayoutChaos } from './payout-run.ts';
import { openRealStore } from './real-store.ts';

test('E13: 200 payouts, processes killed at five moments: each is paid once, or refused with its reason', {
  timeout: 180_000,
}, async () => {
  const store = await openRealStore();
  try {
    const options = { databaseUrl: store.url, rows: 200, kills: 5, seed: 7, tell: () => {} };
    const report = await runPayoutChaos(options, sendInLives);
    expect(report.wrong).toEqual([]);
    expect(report.violations).toEqual([]);
    expect(report.kills).toEqual({ 'in one process': 5 });
    expect(report.outcomes.paid).toBeGreaterThan(100);
  } finally {
    await store.close();
  }
});
