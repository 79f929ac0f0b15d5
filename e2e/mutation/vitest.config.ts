import { defineConfig } from 'vitest/config';

/** The specs that judge a mutant: those without a process of their own, on SQLite. */
export default defineConfig({
  test: {
    environment: 'node',
    setupFiles: ['./e2e/suite/setup.ts'],
    include: ['lib/**/*.spec.ts'],
    env: { TEST_ENGINE: 'sqlite' },
  },
});
