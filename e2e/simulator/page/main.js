import { choice } from './address.js';
import { refreshClock } from './clock.js';
import { currentCustomer, refreshDesk, say, startDesk } from './desk.js';
import { byId } from './dom.js';
import { openShop, startPhone } from './phone.js';
import { forgetRecords, refreshRecords } from './records.js';

const POLL_MS = 1_000;

async function poll() {
  try {
    await Promise.all([refreshDesk(), refreshClock(), refreshRecords(currentCustomer())]);
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

const isOpen = choice('open') === '1';
startPhone();
await startDesk(forgetRecords);
// Whose phone it is is known now: a tap before would have opened the shop for somebody else.
byId('tile').disabled = false;
if (isOpen) void openShop();
await poll();
