import { createServer } from 'node:http';
import { readSettings } from '#lib/base/env.ts';
import { sweepPayouts } from '#lib/payouts/sweeper.ts';
import { buildRuntime } from '#lib/runtime/build.ts';
import { answerCallback } from '#lib/runtime/ecommpay-callback.ts';
import { callbackFrom } from './payout-stage.ts';

/**
 * What a server process does for payouts, as a program of its own that can be killed: takes callbacks at `PORT` and
 * sweeps. Without Next, so that it is there again soon; runtime, store and handler are the application's own.
 */
const settings = readSettings(process.env, false);
const made = await buildRuntime(settings);
const server = createServer(async (request, response) => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const answer = await answerCallback(made, callbackFrom(Buffer.concat(parts)));
  response.writeHead(answer.status);
  response.end(await answer.text());
});
server.listen(settings.PORT, 'localhost', () => {
  void sweepPayouts(made);
  process.send?.('ready');
});
