import { expect, test } from 'vitest';
import { runPayoutChaos } from './payout-run.ts';
import { openRealStore } from './real-store.ts';

test('E13: 200 payouts, processes killed at five moments: each is paid once, or refused with its reason', {
  timeout: 180_000,
}, async () => {
  const store = await openRealStore();
  try {
    const report = await runPayoutChaos({
      databaseUrl: store.url,
      rows: 200,
      kills: 5,
      seed: 7,
      tell: () => {},
    });
    expect(report.wrong).toEqual([]);
    expect(report.violations).toEqual([]);
    expect(report.kills).toBe(5);
    expect(report.outcomes.paid).toBeGreaterThan(100);
  } finally {
    await store.close();
  }
});
