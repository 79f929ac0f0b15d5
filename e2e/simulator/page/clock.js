import { choice, choose, isChosen } from './address.js';
import { get, post, remove } from './api.js';
import { byId, element, momentOf, phoneTime } from './dom.js';

/** What time it is at Maya and ECommPay, and how a person lets it pass there. */

const STEPS = [
  ['+1 minute', 1],
  ['+15 minutes', 15],
  ['+1 hour', 60],
  ['+1 day', 1_440],
];
const MINUTE_MS = 60_000;

const UNITS = [
  ['day', 1_440],
  ['hour', 60],
  ['minute', 1],
];

/** Such as "1 day 2 hours ahead"; empty below a minute. */
function aheadInWords(minutes) {
  let left = minutes;
  const words = UNITS.flatMap(([unit, length]) => {
    const count = Math.floor(left / length);
    left -= count * length;
    return count === 0 ? [] : [`${count} ${unit}${count === 1 ? '' : 's'}`];
  });
  return words.length === 0 ? '' : `${words.join(' ')} ahead`;
}

function show({ now, aheadMs }) {
  const words = aheadInWords(Math.round(aheadMs / MINUTE_MS));
  byId('clock').textContent = phoneTime(Date.parse(now));
  byId('clock-time').textContent = momentOf(Date.parse(now));
  // Said once, not each second.
  if (byId('ahead').textContent !== words) byId('ahead').textContent = words;
  byId('clock-back').hidden = words === '';
}

export async function refreshClock() {
  show(await get('advance'));
}

function keep(time) {
  show(time);
  choose({ ahead: String(Math.round(time.aheadMs / MINUTE_MS)) });
}

/** Follows the address: `?ahead=90` is at least ninety minutes ahead. @param attempt runs what a person asked for */
export async function startClock(attempt) {
  byId('clock-steps').replaceChildren(
    ...STEPS.map(([label, minutes]) => {
      const button = element('button', { type: 'button' }, label);
      button.onclick = attempt(async () => keep(await post('advance', { minutes })));
      return button;
    }),
  );
  byId('clock-back').onclick = attempt(async () => keep(await remove('advance')));
  const { aheadMs } = await get('advance');
  const missing = isChosen('ahead') ? Number(choice('ahead')) - Math.round(aheadMs / MINUTE_MS) : 0;
  if (Number.isNaN(missing))
    throw new Error(`"ahead" must be a number of minutes, not "${choice('ahead')}".`);
  if (missing > 0) await post('advance', { minutes: missing });
  await refreshClock();
}
