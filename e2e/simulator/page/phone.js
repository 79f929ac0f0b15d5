import { choice, choose } from './address.js';
import { post } from './api.js';
import { byId } from './dom.js';
import { askForConsent, closeSheet, explain, startSheet } from './sheet.js';
import { dropWebview, isWebviewOpen, openWebview, startWebview } from './webview.js';

/** The phone: home screen, splash, sheets and webview. */

const SCREENS = ['home', 'splash', 'webview'];

let customer = '';
let launches = 0;

const show = (screen) => {
  for (const name of SCREENS) byId(name).hidden = name !== screen;
};

const merchant = () => byId('webview-title').textContent;

/** To the home screen; what was on its way to open is forgotten. */
export function goHome() {
  launches += 1;
  closeSheet();
  dropWebview();
  show('home');
  choose({ open: '' });
}

function leave() {
  goHome();
  byId('tile').focus();
}

/** Whose phone this is. */
export function handTo(id) {
  if (id === customer) return;
  const isFirst = customer === '';
  customer = id;
  if (!isFirst) goHome();
}

/** The app's own landing address, in the language the phone is set to. */
function landing(address) {
  const url = new URL(address);
  if (choice('lang')) url.searchParams.set('lang', choice('lang'));
  return url.href;
}

async function allow() {
  await post('customers', { id: customer, consent: true });
  await openShop();
}

/** What a tap on the tile does. */
export async function openShop() {
  launches += 1;
  const mine = launches;
  closeSheet();
  dropWebview();
  show('splash');
  const result =
    choice('network') === 'offline'
      ? { ok: false, reason: 'offline' }
      : await post('launch', { customer }).catch((error) => ({ ok: false, detail: error.message }));
  if (mine !== launches) return;
  if (result.ok) {
    openWebview(landing(result.landingUrl));
    show('webview');
    choose({ open: '1' });
    byId('close').focus();
    return;
  }
  show('home');
  if (result.reason === 'consent') askForConsent(merchant(), allow, leave);
  else explain(result, openShop, leave);
}

/** Opens the shop anew if it is open: what the phone is set to has changed. */
export async function reopenShop() {
  if (isWebviewOpen()) await openShop();
}

export function startPhone() {
  byId('tile').onclick = openShop;
  startSheet();
  startWebview(leave);
}
