import { currentCustomer, refreshDesk, say, startDesk } from './desk.js';
import { startPhone } from './phone.js';
import { forgetRecords, refreshRecords } from './records.js';

const POLL_MS = 1_000;

async function poll() {
  try {
    await Promise.all([refreshDesk(), refreshRecords(currentCustomer())]);
    if (away) {
      say('');
      forgetRecords();
    }
    away = false;
  } catch {
    away = true;
    say('The simulator does not answer. Start it again: npm run dev');
  }
  setTimeout(poll, POLL_MS);
}

let away = false;

startPhone();
await startDesk(forgetRecords);
await poll();
