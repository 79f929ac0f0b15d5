/** The element of that id; the page is written so that there is one. */
export const byId = (id) => document.getElementById(id);

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

const pesos = new Intl.NumberFormat('en-PH', { style: 'currency', currency: 'PHP' });

export const peso = (centavos) => pesos.format(centavos / 100);

/** The Philippines' time, as the shop's pages tell it. */
const timeZone = 'Asia/Manila';
const hours = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone });
const days = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone });
const onPhone = new Intl.DateTimeFormat('en-PH', { hour: 'numeric', minute: '2-digit', timeZone });

export const clockTime = (at) => hours.format(at);

/** With the day where that is not today's. */
export const momentOf = (at) =>
  days.format(at) === days.format(Date.now()) ? hours.format(at) : `${days.format(at)}, ${hours.format(at)}`;

/** As a phone's status bar shows it. */
export const phoneTime = (at) => onPhone.format(at);
