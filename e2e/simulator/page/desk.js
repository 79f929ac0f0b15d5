import { choice, choose, isChosen } from './address.js';
import { get, post } from './api.js';
import { showBalance } from './balance.js';
import { startClock } from './clock.js';
import { byId, element, peso } from './dom.js';
import { startLook } from './look.js';
import { startPerson } from './person.js';
import { goHome, handTo } from './phone.js';
import { startSettings } from './settings.js';
import { showTry, startTries } from './tries.js';

/** The desk beside the phone: who holds it, and what happens to the next calls. */

const GROUPS = {
  outcome: 'Outcome',
  create: 'Create goes wrong',
  execute: 'Execute goes wrong',
  tokens: 'Tokens',
  whole: 'As a whole',
};
const NORMAL = 'approved';

let scenarios = [];
let customers = [];
let forget = () => {};
/** Counts up whenever a scenario is being set, so that what was asked before is not taken for the end of it. */
let settings = 0;

export const currentCustomer = () => byId('customer').value;

export function say(problem) {
  byId('notice').textContent = problem;
  byId('notice').hidden = problem === '';
}

/** Runs what a person asked for, and shows what went wrong with it. */
const attempt = (work) => async () => {
  try {
    say('');
    await work();
  } catch (error) {
    say(error.message);
  }
};

function writeAddress() {
  choose({ customer: currentCustomer(), scenario: byId('scenario').value, calls: byId('calls').value });
}

function describeScenario() {
  const chosen = scenarios.find(({ name }) => name === byId('scenario').value);
  byId('what').textContent = chosen?.what ?? '';
}

async function setScenario() {
  settings += 1;
  const calls = byId('calls').value;
  describeScenario();
  writeAddress();
  await post('scenario', {
    customer: currentCustomer(),
    name: byId('scenario').value,
    ...(calls === '' ? {} : { calls: calls === 'always' ? calls : Number(calls) }),
  });
  settings += 1;
  await refreshDesk();
}

const lengthOf = ({ name, remaining }) =>
  remaining === 'always' ? `On: ${name}, until you change it.` : `On: ${name}, calls left: ${remaining}.`;

const initials = (name) => {
  const words = name.split(' ');
  return (words[0][0] + (words.length > 1 ? words.at(-1)[0] : '')).toUpperCase();
};

/** Reads who there is and what is on. */
export async function refreshDesk() {
  const asked = settings;
  const [people, { active, everyone }] = await Promise.all([get('customers'), get('scenario')]);
  customers = people.customers;
  const select = byId('customer');
  const known = [...select.options].map(({ value }) => value).join();
  if (known !== customers.map(({ id }) => id).join()) {
    const chosen = select.value;
    select.replaceChildren(...customers.map(({ id, name }) => element('option', { value: id }, name)));
    select.value = customers.some(({ id }) => id === chosen) ? chosen : customers[0].id;
  }
  const customer = customers.find(({ id }) => id === select.value);
  handTo(customer.id);
  byId('first-name').textContent = customer.name.split(' ')[0];
  byId('avatar').textContent = initials(customer.name);
  showBalance(customer.id, customer.balanceCentavos);
  byId('balance').textContent = peso(customer.balanceCentavos);
  byId('kyc').checked = customer.kyc === 'verified';
  byId('consent').checked = customer.consent;

  const chosen = byId('scenario').value;
  const isOn = active[customer.id]?.name === chosen || everyone?.name === chosen;
  const isUsedUp = asked === settings && chosen !== NORMAL && !isOn;
  byId('again').hidden = !isUsedUp;
  byId('what').classList.toggle('over', isUsedUp);
  if (isUsedUp && isChosen('scenario')) {
    // A reload must not arm it again.
    choose({ scenario: NORMAL, calls: '' });
    showTry(null);
  }
  const lines = [active[customer.id], everyone].filter(Boolean).map(lengthOf);
  const none = `${isUsedUp ? 'Used up' : 'On: nothing'}. Calls are answered as usual.`;
  byId('active').textContent = lines.join(' ') || none;
}

const chooseCustomer = async () => {
  const { active } = await get('scenario');
  byId('scenario').value = active[currentCustomer()]?.name ?? NORMAL;
  describeScenario();
  writeAddress();
  forget();
  await refreshDesk();
};

/** Fills the desk and follows the address: `?customer=…&scenario=…&calls=…`. `onChange` empties what belongs to a customer. */
export async function startDesk(onChange) {
  forget = onChange;
  ({ scenarios } = await get('scenario'));
  byId('scenario').replaceChildren(
    ...Object.entries(GROUPS).map(([group, label]) =>
      element(
        'optgroup',
        { label },
        ...scenarios
          .filter((scenario) => scenario.group === group)
          .map(({ name, title }) => element('option', { value: name }, title)),
      ),
    ),
  );
  await refreshDesk();

  byId('customer').onchange = attempt(chooseCustomer);
  byId('scenario').onchange = attempt(setScenario);
  byId('calls').onchange = attempt(setScenario);
  byId('again').onclick = attempt(setScenario);
  byId('kyc').onchange = attempt(() =>
    post('customers', { id: currentCustomer(), kyc: byId('kyc').checked ? 'verified' : 'none' }),
  );
  byId('consent').onchange = attempt(() =>
    post('customers', { id: currentCustomer(), consent: byId('consent').checked }),
  );
  byId('reset').onclick = attempt(async () => {
    await post('reset');
    choose({ ahead: '0' });
    goHome();
    await chooseCustomer();
  });
  startTries(async (name) => {
    byId('scenario').value = name;
    byId('calls').value = '';
    await attempt(setScenario)();
  });
  startPerson(
    attempt,
    () => customers.find(({ id }) => id === currentCustomer()),
    async (id) => {
      await refreshDesk();
      byId('customer').value = id;
      await chooseCustomer();
    },
  );
  await startSettings(attempt);
  await attempt(() => startClock(attempt))();
  await attempt(followAddress)();
  await attempt(() => startLook(attempt))();
}

async function followAddress() {
  const customer = choice('customer');
  if (customer && !customers.some(({ id }) => id === customer)) {
    await post('customers', { id: customer });
    await refreshDesk();
  }
  if (customer) byId('customer').value = customer;
  if (!isChosen('scenario')) return chooseCustomer();

  const scenario = choice('scenario');
  if (!scenarios.some(({ name }) => name === scenario))
    throw new Error(`There is no scenario "${scenario}".`);
  byId('scenario').value = scenario;
  byId('calls').value = choice('calls');
  if (byId('calls').selectedIndex === -1) byId('calls').value = '';
  await setScenario();
}
