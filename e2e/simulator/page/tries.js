import { byId, element } from './dom.js';

/** A shop that is open has no tile: it begins anew with its own link. */
const TO_CHECKOUT =
  'On the phone: open the shop with its tile, or go to Shop at its top, add something, check out';

/** What a first-time visitor tries: one click sets the stage, one sentence says what to watch. */
const TRIES = [
  {
    title: 'Pay',
    scenario: 'approved',
    watch: `${TO_CHECKOUT}, tap Pay. The balance moves once, and the page is the receipt.`,
  },
  {
    title: 'Lose the answer',
    scenario: 'execute-timeout-charged',
    watch: `${TO_CHECKOUT}, tap Pay. Maya charges and never answers: the page says that it confirms, and a few seconds later it is the receipt. One line in the ledger; the Log shows the call that hung, and PY0010.`,
  },
  {
    title: 'Be declined',
    scenario: 'declined-balance-code',
    watch: `${TO_CHECKOUT}, tap Pay. Nothing is charged, the page says what to do, and Pay is offered again.`,
  },
  {
    title: 'Tap twice',
    scenario: 'everything-slow',
    watch: `${TO_CHECKOUT}. Tap Pay again and again, go back, reload, open a second window: one line in the ledger.`,
  },
];

/** Which of them is on: by its scenario's name, or none. */
export function showTry(scenario) {
  for (const [index, button] of [...byId('tries').children].entries())
    button.setAttribute('aria-pressed', String(TRIES[index].scenario === scenario));
}

/** @param set sets a scenario by its name */
export function startTries(set) {
  byId('tries').replaceChildren(
    ...TRIES.map(({ title, scenario, watch }) => {
      const button = element('button', { type: 'button' }, title);
      button.onclick = async () => {
        byId('watch').textContent = watch;
        showTry(scenario);
        await set(scenario);
      };
      button.setAttribute('aria-pressed', 'false');
      return button;
    }),
  );
}
