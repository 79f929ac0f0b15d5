import { startProcess } from './start.ts';

/** A server process without its pages, for specs: it starts, and then something goes wrong that nobody handles. */
const [how, words] = process.argv.slice(2);
startProcess();
setTimeout(() => {
  if (how === 'throw') throw new Error(words);
  void Promise.reject(new Error(words));
}, 200);
// Alive until somebody ends it.
setInterval(() => {}, 1_000);
