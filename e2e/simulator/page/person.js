import { post } from './api.js';
import { byId } from './dom.js';

/** Changes the customer who holds the phone, or adds another one. */

const idFrom = (name) =>
  `${name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')}-${Date.now().toString(36)}`;

/**
 * @param attempt runs what a person asked for and shows what went wrong with it
 * @param current the customer who holds the phone
 * @param chosen hears whose phone it is now
 */
export function startPerson(attempt, current, chosen) {
  const form = byId('person');
  // Not the `toggle` event: that comes later, over what was typed by then.
  form.closest('details').querySelector('summary').onclick = () => {
    const customer = current();
    if (!customer) return;
    form.elements.name.value = customer.name;
    form.elements.balance.value = (customer.balanceCentavos / 100).toFixed(2);
    form.elements.age.value = customer.age ?? '';
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    const name = form.elements.name.value.trim();
    const id = event.submitter?.value === 'add' ? idFrom(name) : current().id;
    void attempt(async () => {
      const balanceCentavos = Math.round(Number(form.elements.balance.value) * 100);
      const age = form.elements.age.value === '' ? {} : { age: Number(form.elements.age.value) };
      await post('customers', { id, name, balanceCentavos, ...age });
      await chosen(id);
    })();
  };
}
