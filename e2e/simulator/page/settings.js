import { get, post } from './api.js';
import { byId, element } from './dom.js';

/** The simulator's own settings: lives of tokens and payments, and how Maya reads what its pages leave open. */

const FIELDS = [
  ['accessTokenSeconds', 'Customer token lives, seconds'],
  ['clientTokenSeconds', 'Client token lives, seconds'],
  ['paymentExpirySeconds', 'Payment expires after, seconds'],
  ['lateMs', 'A late answer takes, ms'],
  ['repeatAfterDeclined', 'A repeat after DECLINED answers', ['PY0010', 'code']],
  ['refreshReuse', 'An old refresh token is', ['refuse', 'revoke-family']],
];

const controlOf = (name, choices) =>
  choices
    ? element('select', { name }, ...choices.map((value) => element('option', { value }, value)))
    : element('input', { name, type: 'number', min: '0', inputMode: 'numeric' });

/** @param attempt runs what a person asked for and shows what went wrong with it */
export async function startSettings(attempt) {
  const form = byId('settings');
  form.replaceChildren(
    ...FIELDS.map(([name, label, choices]) => element('label', {}, label, controlOf(name, choices))),
    element('button', { type: 'submit' }, 'Keep these'),
  );
  const fill = async () => {
    const current = await get('settings');
    for (const [name] of FIELDS) form.elements[name].value = current[name];
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    void attempt(async () => {
      const entries = FIELDS.map(([name, , choices]) => {
        const { value } = form.elements[name];
        return [name, choices ? value : Number(value)];
      });
      await post('settings', Object.fromEntries(entries));
      await fill();
    })();
  };
  await fill();
}
