import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

/** What Next tells of its own start, such as its address and "Ready": true of Next long before a page is compiled. */
const OF_ITS_START = /^\s*(?:[▲✓○·] |- (?:Local|Network|Environments|Experiments)\b|$)/;

/**
 * Passes on what Next writes, line by line, without what it tells of its own start until everything is ready. Its
 * errors are passed on at once.
 */
export function passOn(output: Readable, isReady: () => boolean, write: (line: string) => void): void {
  createInterface({ input: output }).on('line', (line) => {
    if (isReady() || !OF_ITS_START.test(stripVTControlCharacters(line))) write(line);
  });
}
