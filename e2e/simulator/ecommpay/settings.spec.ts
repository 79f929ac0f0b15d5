import { describe, expect, test } from 'vitest';
import { createRig } from './rig.ts';
import { changedSettings, defaultSettings } from './settings.ts';

describe('settings', () => {
  test('the limits are those of the method', () => {
    expect(defaultSettings()).toMatchObject({
      saleMinCentavos: 2_000,
      saleMaxCentavos: 1_500_000,
      payoutMinCentavos: 100,
      payoutMaxCentavos: 2_000_000,
      saleLimitMs: 86_400_000,
      payoutLimitMs: 2 * 86_400_000,
    });
  });

  test('some are changed, the others stay; a reset takes them back to the start', () => {
    const rig = createRig({ redirectAfterMs: 7 });
    expect(rig.ecommpay.changeSettings({ latencyMs: 3 })).toMatchObject({ latencyMs: 3, redirectAfterMs: 7 });
    rig.ecommpay.reset();
    expect(rig.ecommpay.settings()).toMatchObject({ latencyMs: 0, redirectAfterMs: 7 });
  });

  test.each([
    [{ latencyMs: -1 }, 'latencyMs'],
    [{ saleLimitMs: 1.5 }, 'saleLimitMs'],
    [{ statusNotFound: 404 }, 'statusNotFound'],
    [{ unknown: 1 }, 'unknown'],
    [[], 'object'],
    [undefined, 'object'],
  ])('%j is refused and named', (patch, word) => {
    expect(() => changedSettings(defaultSettings(), patch)).toThrow(word);
  });
});
