import { expect, test } from 'vitest';
import { readStatus } from './statuses.ts';

test.each([
  ['success', ['success']],
  ['decline', ['decline']],
  ['error', ['error']],
  ['expired', ['expired']],
  ['unexpected', ['canceled', 'cancelled', 'refunded', 'partially refunded', 'reversed', 'awaiting capture']],
  [
    'pending',
    [
      'processing',
      'external processing',
      'awaiting redirect result',
      'awaiting customer',
      'awaiting customer action',
      'awaiting clarification',
      'internal error',
      'external error',
      'invoice sent',
    ],
  ],
  ['pending', ['', 'succes', 'Success', 'success ', 'declined', 'toString', 'what nobody has seen before']],
])('%s: %j', (reading, statuses) => {
  for (const status of statuses) expect(readStatus(status), status).toBe(reading);
});
