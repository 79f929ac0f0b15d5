import { expect, test } from 'vitest';
import { formatManila } from './dates.ts';

/** Node writes a narrow space before "PM". */
const read = (iso: string) => formatManila(Date.parse(iso)).replace(/\s/gu, ' ');

test.each([
  ['2026-11-21T14:31:00Z', 'Nov 21, 2026, 10:31 PM'],
  ['2026-11-21T15:59:59Z', 'Nov 21, 2026, 11:59 PM'],
  ['2026-11-21T16:00:00Z', 'Nov 22, 2026, 12:00 AM'],
  ['2026-12-31T16:00:00Z', 'Jan 1, 2027, 12:00 AM'],
])('%s is %s in Manila, wherever the server stands', (iso, text) => expect(read(iso)).toBe(text));
