import { byId } from './dom.js';

/** The sheet that slides over the home screen: the wallet asks, or says why the app did not open. */

const FAILED = {
  title: "The app can't be opened",
  text: 'The shop did not answer as the wallet expects. Nothing was charged.',
};

const WORDS = {
  kyc: {
    title: 'Verify your account first',
    text: 'The wallet opens this app for verified customers only. Nothing was sent to the shop.',
    hint: 'Desk: tick “KYC verified” for this customer.',
  },
  age: {
    title: 'You are too young for this app',
    text: 'The wallet opens this app for customers of 18 years or more. Nothing was sent to the shop.',
    hint: 'Desk: change this customer’s age.',
  },
  timeout: { ...FAILED, text: 'The shop took too long to answer. Nothing was charged.' },
  unreachable: { ...FAILED, text: 'The shop could not be reached. Is the app running?' },
  offline: {
    title: 'No connection',
    text: 'This phone is offline. Check the connection and try again.',
    hint: 'Desk: the network is set to “offline”.',
  },
};

const setBackground = (inert) => {
  byId('home').inert = inert;
};

export function closeSheet() {
  byId('sheet').hidden = true;
  setBackground(false);
}

/** `yes` and `no` are `[label, what it does]`. */
export function openSheet({ title, text, list = [], detail = '', yes, no }) {
  byId('sheet-title').textContent = title;
  byId('sheet-text').textContent = text;
  byId('sheet-list').hidden = list.length === 0;
  byId('sheet-list').replaceChildren(
    ...list.map((line) => Object.assign(document.createElement('li'), { textContent: line })),
  );
  byId('sheet-detail').textContent = detail;
  byId('sheet-detail').hidden = detail === '';
  [byId('sheet-yes').textContent, byId('sheet-yes').onclick] = yes;
  [byId('sheet-no').textContent, byId('sheet-no').onclick] = no;
  setBackground(true);
  byId('sheet').hidden = false;
  byId('sheet-yes').focus();
}

/** Why the tile did not open the app, and the way to try again. */
export function explain({ reason, status, detail }, again, giveUp) {
  const { hint, ...words } = WORDS[reason] ?? FAILED;
  const cause = [status ? `HTTP ${status}` : '', detail].filter(Boolean).join(' · ');
  openSheet({ ...words, detail: hint ?? cause, yes: ['Try again', again], no: ['Not now', giveUp] });
}

/** Asks for consent as the wallet does when a customer opens an app for the first time. */
export function askForConsent(merchant, allow, refuse) {
  openSheet({
    title: `Share your details with ${merchant}?`,
    text: 'You open this app for the first time. If you allow it, the shop gets:',
    list: [
      'your name and customer id',
      'whether your account is verified',
      'permission to take payments that you confirm',
    ],
    yes: ['Allow', allow],
    no: ["Don't allow", refuse],
  });
}

export function startSheet() {
  byId('sheet').onkeydown = (event) => {
    if (event.key === 'Escape') byId('sheet-no').click();
  };
}
