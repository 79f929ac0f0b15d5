import { afterEach, beforeEach, expect, vi } from 'vitest';

/** `console.error` and `console.warn` fail a test: whoever expects one says so by replacing the spy's behaviour. */
const complaints: unknown[][] = [];

beforeEach(() => {
  complaints.length = 0;
  vi.spyOn(console, 'error').mockImplementation((...words) => void complaints.push(words));
  vi.spyOn(console, 'warn').mockImplementation((...words) => void complaints.push(words));
});

afterEach(() => {
  vi.restoreAllMocks();
  expect(complaints, 'nothing is written to console.error or console.warn').toEqual([]);
});
