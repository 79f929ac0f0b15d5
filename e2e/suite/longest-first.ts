import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest, the longest first. Begun last, each would keep one worker busy while the others are done. */
const LONG = [
  'e2e/built/scenarios.spec.ts',
  'e2e/built/outside-kill.spec.ts',
  'e2e/built/kill.spec.ts',
  'lib/ecommpay/signature-bits.spec.ts',
  'lib/cli/payouts.store.spec.ts',
  'lib/cli/payments.store.spec.ts',
  'lib/payments/ecommpay/start-gate.store.spec.ts',
  'lib/payments/settle.store.spec.ts',
  'lib/runtime/ecommpay-callback.store.spec.ts',
  'lib/payments/pay.store.spec.ts',
  'e2e/chaos/payouts.store.spec.ts',
];

const rank = ({ moduleId }: TestSpecification): number => {
  const index = LONG.findIndex((file) => moduleId.endsWith(file));
  return index === -1 ? LONG.length : index;
};

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
