import { choice, choose, isChosen } from './address.js';
import { post } from './api.js';
import { byId } from './dom.js';
import { reopenShop } from './phone.js';

/** How the phone looks and what network it has. All of it lives in the address. */

const SLOW_MS = 1_500;

function apply() {
  const root = document.documentElement;
  root.style.setProperty('--device', `${choice('width')}px`);
  root.style.setProperty('--zoom', String(Number(choice('text')) / 100));
  root.style.colorScheme = choice('theme') === 'auto' ? 'light dark' : choice('theme');
  byId('offline').hidden = choice('network') !== 'offline';
}

/** A slow network is a Maya that answers late; offline is a webview that shows nothing. */
async function setNetwork() {
  await post('settings', { latencyMs: choice('network') === 'slow' ? SLOW_MS : 0 });
}

/** @param attempt runs what a person asked for and shows what went wrong with it */
export async function startLook(attempt) {
  for (const name of ['width', 'text', 'theme', 'lang', 'network']) {
    const select = byId(`look-${name}`);
    select.value = choice(name);
    if (select.selectedIndex === -1) select.selectedIndex = 0;
    select.onchange = attempt(async () => {
      choose({ [name]: select.value });
      apply();
      if (name === 'network') await setNetwork();
      if (name === 'lang') await reopenShop();
    });
  }
  byId('copy-link').onclick = attempt(async () => {
    await navigator.clipboard.writeText(location.href);
    byId('copy-link').textContent = 'Link copied';
  });
  apply();
  if (isChosen('network')) await setNetwork();
}
