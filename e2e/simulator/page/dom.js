/** The element of that id; the page is written so that there is one. */
export const byId = (id) => document.getElementById(id);

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

const pesos = new Intl.NumberFormat('en-PH', { style: 'currency', currency: 'PHP' });

export const peso = (centavos) => pesos.format(centavos / 100);

const hours = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

export const clockTime = (at) => hours.format(at);
