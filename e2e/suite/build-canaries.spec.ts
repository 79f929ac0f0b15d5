import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BUILD_CANARIES } from './build-canaries.ts';

test('F3: every secret among the settings has a canary', () => {
  const names = [...readFileSync('.env.example', 'utf8').matchAll(/^([A-Z0-9_]+)=/gm)].map(
    ([, name = '']) => name,
  );
  const secret = /SECRET|PASSWORD|_KEY|DATA_TOKEN|DECRYPTION|DATABASE_URL|CLIENT_ID|P2M_ID/;
  expect(Object.keys(BUILD_CANARIES).sort()).toEqual(names.filter((name) => secret.test(name)).sort());
});

test('F3: no canary is part of another, or short enough to stand somewhere by chance', () => {
  const values = Object.values(BUILD_CANARIES);
  for (const value of values) {
    expect(value.length).toBeGreaterThanOrEqual(24);
    expect(values.filter((other) => other.includes(value))).toEqual([value]);
  }
});
