import { byId, peso } from './dom.js';

/** The balance on the phone: it counts to its new value, so that nobody overlooks that money moved. */

const COUNT_MS = 900;
const MOVED_SHOWN_MS = 6_000;

const calm = matchMedia('(prefers-reduced-motion: reduce)');

let owner;
let shown = 0;
let target = 0;
let run = 0;

const draw = (centavos) => {
  shown = centavos;
  byId('wallet-balance').textContent = peso(centavos);
};

function countTo(centavos) {
  run += 1;
  const mine = run;
  const from = shown;
  const startedAt = performance.now();
  const step = (now) => {
    if (mine !== run) return;
    const part = Math.min(1, Math.max(0, (now - startedAt) / COUNT_MS));
    const eased = 1 - (1 - part) ** 3;
    draw(part === 1 ? centavos : Math.round(from + (centavos - from) * eased));
    if (part < 1) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}

function showMoved(centavos) {
  const moved = byId('wallet-moved');
  moved.textContent = `${centavos > 0 ? '+' : '−'}${peso(Math.abs(centavos))}`;
  moved.hidden = false;
  clearTimeout(showMoved.timer);
  showMoved.timer = setTimeout(() => {
    moved.hidden = true;
  }, MOVED_SHOWN_MS);
}

/** Shows `customer`'s balance; a change of the same customer's is counted and said. */
export function showBalance(customer, centavos) {
  const isSame = owner === customer;
  if (isSame && target === centavos) return;
  const difference = centavos - target;
  owner = customer;
  target = centavos;
  if (!isSame) {
    run += 1;
    byId('wallet-moved').hidden = true;
    draw(centavos);
    return;
  }
  showMoved(difference);
  byId('balance-said').textContent = `Wallet balance ${peso(centavos)}`;
  if (calm.matches) draw(centavos);
  else countTo(centavos);
}
