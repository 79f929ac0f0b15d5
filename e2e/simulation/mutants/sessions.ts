import type { Planted } from './plant.ts';

const REFRESH = 'lib/customer-session/refresh.ts';

/** In sessions and tokens, orders and what hears of them. */
export const inSessions: readonly Planted[] = [
  {
    name: 'redeem a sessionId as often as it comes',
    file: 'lib/customer-session/redeem.ts',
    text: ".where('redeemed_at', 'is', null)\n      .where('redeem_until'",
    replacement: ".where('redeem_until'",
  },
  {
    name: 'redeem a sessionId whenever it comes',
    file: 'lib/customer-session/redeem.ts',
    text: ".where('redeem_until', '>', nowMs)\n",
    replacement: '\n',
  },
  {
    name: 'wipe tokens that a payment still needs',
    file: 'lib/customer-session/sweep-sessions.ts',
    text: ".where('payments.state', 'in', ['creating', 'created', 'executing', 'review'])",
    replacement: ".where('payments.state', 'in', ['creating', 'created'])",
  },
  {
    name: 'refresh while somebody else does',
    file: 'lib/customer-session/refresh-lease.ts',
    text: ".where('refresh_lease_until', '<', nowMs)\n",
    replacement: '\n',
  },
  {
    name: 'refresh with an old token after a newer one was saved',
    file: REFRESH,
    text: ".where('id', '=', row)\n      .where('generation', '=', generation)\n      .where('refresh_lease_by', '=', holder)\n      .where('refresh_lease_until', '>=', nowMs)",
    replacement: ".where('id', '=', row)",
  },
  {
    name: 'refresh in a loop while answers are lost',
    file: REFRESH,
    text: '      retries -= 1;\n',
    replacement: '',
  },
  {
    name: 'use new tokens without saving them',
    file: 'lib/customer-session/save-tokens.ts',
    text: '          sealed_tokens: sealed,\n          generation: next,\n',
    replacement: '          generation: next,\n',
  },
  {
    name: 'a refresh that failed ends the session',
    file: 'lib/customer-session/customer-token.ts',
    text: "if (result === 'failed') return { kind: 'unavailable' };",
    replacement: "if (result === 'failed') return { kind: 'gone' };",
  },
  {
    name: 'write the sessionId into the log',
    file: 'lib/customer-session/session-url.ts',
    text: '    return { status: 200, sessionId };',
    replacement:
      "    deps.log.info('session.made', { subject: sessionId });\n    return { status: 200, sessionId };",
  },
  {
    name: 'show anybody any order',
    file: 'lib/orders/order.ts',
    text: "    .where('id', '=', id)\n    .where(ownedBy(owner))\n",
    replacement: "    .where('id', '=', id)\n",
  },
  {
    name: 'cancel an order that is being paid',
    file: 'lib/orders/close-order.ts',
    text: ".where('claim', 'is', null)\n",
    replacement: '\n',
  },
  {
    name: 'an event counts as delivered before it is',
    file: 'lib/orders/outbox.ts',
    text: '    await consume(leased.map(({ event }) => event));\n',
    replacement: '    void consume(leased.map(({ event }) => event)).catch(() => {});\n',
  },
];
