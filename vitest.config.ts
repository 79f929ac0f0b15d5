import { defineConfig } from 'vitest/config';
import { LongestFirst } from './e2e/suite/longest-first.ts';

const shared = {
  environment: 'node' as const,
  setupFiles: ['./e2e/suite/setup.ts'],
  // Files of one worker share what they have imported; no spec puts another module in the place of one.
  isolate: false,
  // No test waits by the clock; a starved machine gets the time it needs.
  testTimeout: 120_000,
};

/** Not ours, and the copies that mutation testing makes. */
const NEVER = ['**/node_modules/**', '**/.data/**'];

/**
 * `*.spec.ts` needs nothing but Node. `*.store.spec.ts` needs a store and runs twice: on SQLite and on PostgreSQL.
 * `e2e/built` drives server processes of the production build.
 */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['**/*.spec.ts'],
          exclude: ['**/*.store.spec.ts', ...NEVER, 'e2e/stories/**', 'e2e/built/**'],
        },
      },
      {
        test: {
          ...shared,
          name: 'sqlite',
          include: ['**/*.store.spec.ts'],
          exclude: NEVER,
          env: { TEST_ENGINE: 'sqlite' },
        },
      },
      {
        test: {
          ...shared,
          name: 'postgres',
          include: ['**/*.store.spec.ts'],
          // These start processes of the command line, which know of no engine; what they call runs on both.
          exclude: [...NEVER, 'lib/cli/**'],
          env: { TEST_ENGINE: 'postgres' },
        },
      },
      {
        test: {
          ...shared,
          name: 'built',
          include: ['e2e/built/**/*.spec.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers: 2,
          maxConcurrency: 5,
        },
      },
    ],
  },
});
