/**
 * `npm run mutation -- --mutate lib/base/money.ts`: changes the code in many small ways and counts the changes that no
 * spec notices. Without `--mutate`: the rooms that the promise rests on, which takes hours.
 *
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'e2e/mutation/vitest.config.ts' },
  coverageAnalysis: 'perTest',
  // A change of a constant at the top of a module is not seen by tests that loaded it before: it would count as survived.
  ignoreStatic: true,
  mutate: [
    'lib/base/money.ts',
    'lib/{payments,orders,customer-session,maya}/**/*.ts',
    '!**/*.spec.ts',
    '!**/spec-helpers.ts',
  ],
  concurrency: 1,
  timeoutMS: 20_000,
  tempDirName: '.data/mutation',
  ignorePatterns: ['.next', '.data', 'test-results', 'pictures', 'docs', 'public'],
  reporters: ['clear-text', 'json'],
  jsonReporter: { fileName: 'test-results/mutation.json' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  allowConsoleColors: false,
  disableTypeChecks: false,
  // TypeScript 7 has no API that could rewrite a configuration for the sandbox; nothing there needs one.
  tsconfigFile: 'no-tsconfig.json',
  incremental: true,
  incrementalFile: '.data/mutation.json',
};
