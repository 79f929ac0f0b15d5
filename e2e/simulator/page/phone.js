import { post } from './api.js';
import { byId } from './dom.js';

/** The phone: home screen, splash, webview and the sheet that says why the app did not open. */

const SCREENS = ['home', 'splash', 'webview'];

const WORDS = {
  kyc: {
    title: 'Verify your account first',
    text: 'Maya opens this app for verified customers. Nothing was sent to the app.',
  },
  age: { title: 'Not for you yet', text: 'Maya opens this app for adults. Nothing was sent to the app.' },
  failed: {
    title: "The app can't be opened",
    text: 'Its Session URL did not give a session. Is the app running?',
  },
};

let customer = '';
let launches = 0;

const show = (screen) => {
  byId('home').inert = false;
  for (const name of SCREENS) byId(name).hidden = name !== screen;
};

export function goHome() {
  launches += 1;
  byId('sheet').hidden = true;
  byId('frame').removeAttribute('src');
  show('home');
}

/** Whose phone this is. */
export function handTo(id) {
  if (id === customer) return;
  customer = id;
  goHome();
}

async function open() {
  launches += 1;
  const mine = launches;
  byId('sheet').hidden = true;
  show('splash');
  const result = await post('launch', { customer }).catch((error) => ({ ok: false, detail: error.message }));
  if (mine !== launches) return;
  if (result.ok) {
    byId('frame').src = result.landingUrl;
    show('webview');
    byId('close').focus();
  } else if (result.reason === 'consent') {
    askForConsent();
  } else {
    explain(result);
  }
}

function openSheet({ title, text, detail, yes, onYes }) {
  show('home');
  byId('sheet-title').textContent = title;
  byId('sheet-text').textContent = text;
  byId('sheet-detail').textContent = detail;
  byId('sheet-yes').textContent = yes;
  byId('sheet-yes').onclick = onYes;
  byId('sheet-no').textContent = 'Not now';
  byId('home').inert = true;
  byId('sheet').hidden = false;
  byId('sheet-yes').focus();
}

function explain({ reason, status, detail }) {
  const words = WORDS[reason] ?? WORDS.failed;
  openSheet({
    ...words,
    detail: status ? `HTTP ${status} · ${detail}` : detail,
    yes: 'Try again',
    onYes: open,
  });
}

function askForConsent() {
  openSheet({
    title: 'Share your data?',
    text: 'The merchant gets your customer id and may take payments that you confirm.',
    detail: '',
    yes: 'Allow and open',
    onYes: async () => {
      await post('customers', { id: customer, consent: true });
      await open();
    },
  });
}

export function startPhone() {
  byId('tile').onclick = open;
  byId('close').onclick = () => {
    goHome();
    byId('tile').focus();
  };
  byId('sheet-no').onclick = () => {
    goHome();
    byId('tile').focus();
  };
  byId('sheet').onkeydown = (event) => {
    if (event.key === 'Escape') byId('sheet-no').click();
  };
  const tick = () => {
    byId('clock').textContent = new Date().toLocaleTimeString('en-PH', {
      hour: 'numeric',
      minute: '2-digit',
    });
  };
  tick();
  setInterval(tick, 5_000);
}
