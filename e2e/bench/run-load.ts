import { spawn } from 'node:child_process';

/** As a payment provider's sender would keep open. */
const CONNECTIONS = 32;

/** Posts the file's text again and again. @returns answers a second */
export const postAgain = (address: string, seconds: number, file: string) =>
  load(address, String(seconds), file);

/** Posts each line of the file once. @returns answers a second */
export const postEach = (address: string, file: string) => load(address, 'each', file);

/** In a process of its own, so that it takes no turn of the caller's. */
async function load(address: string, howLong: string, file: string): Promise<number> {
  const child = spawn(process.execPath, ['e2e/bench/load.ts', address, howLong, String(CONNECTIONS), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout) text += String(chunk);
  return (JSON.parse(text) as { perSecond: number }).perSecond;
}
