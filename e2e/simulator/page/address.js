/** What is chosen lives in the page's address, so that a link leads back to it. */

const DEFAULTS = {
  customer: '',
  scenario: 'approved',
  calls: '',
  width: '390',
  text: '100',
  theme: 'auto',
  lang: '',
  network: 'normal',
  ahead: '0',
  open: '',
};

const chosen = new URLSearchParams(location.search);

/** The value chosen for `name`, or its default. */
export const choice = (name) => chosen.get(name) ?? DEFAULTS[name];

export const isChosen = (name) => chosen.has(name);

/** Takes `changes` over into the address. What is at its default is left out of it. */
export function choose(changes) {
  for (const [name, value] of Object.entries(changes)) chosen.set(name, value);
  const address = new URL(location.href);
  address.search = '';
  for (const [name, usual] of Object.entries(DEFAULTS)) {
    const value = choice(name);
    if (value !== usual) address.searchParams.set(name, value);
  }
  history.replaceState(history.state, '', address);
}
