import { byId, element } from './dom.js';

/** What a first-time visitor tries: one click sets the stage, one sentence says what to watch. */
const TRIES = [
  {
    title: 'Pay',
    scenario: 'approved',
    watch:
      'Tap the tile, add something, check out, tap Pay. The balance moves once, and the page is the receipt.',
  },
  {
    title: 'Lose the answer',
    scenario: 'execute-timeout-charged',
    watch:
      'Pay: Maya charges and never answers. The page says that it confirms; a little later it settles, charged once.',
  },
  {
    title: 'Be declined',
    scenario: 'declined-balance-code',
    watch: 'Pay: nothing is charged, the page says what to do, and Pay is offered again.',
  },
  {
    title: 'Tap twice',
    scenario: 'everything-slow',
    watch: 'Tap Pay again and again, go back, reload, open a second window: one line in the ledger.',
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
