import { get } from './api.js';
import { asCommand } from './command.js';
import { byId, element, momentOf, peso } from './dom.js';

/** What happened: violations, ledger and log. */

const SHOWN_ENTRIES = 200;
const LATELY = 3;
const COPIED_SHOWN_MS = 2_000;

/** Log entries on the page, by number. */
const shown = new Map();
/** Entries up to this number are complete. */
let seen = 0;
/** Counts up when all is forgotten, so that an answer asked for before is dropped. */
let era = 0;

export function forgetRecords() {
  era += 1;
  shown.clear();
  seen = 0;
  byId('log').replaceChildren();
  byId('log-none').hidden = false;
  showLedger([]);
}

export async function refreshRecords(customer) {
  const asked = era;
  const [{ violations }, ledger, { entries }] = await Promise.all([
    get('violations'),
    get(`ledger?customer=${encodeURIComponent(customer)}`),
    get(`log?after=${seen}`),
  ]);
  if (asked !== era) return;
  showViolations(violations);
  showLedger(bothRails(ledger));
  showLog(entries, customer);
}

/** One wallet, debited from inside the app and, through ECommPay, from outside. */
const bothRails = ({ debits, ecommpay }) =>
  [
    ...debits.map((debit) => ({ ...debit, through: 'Maya', reference: debit.requestReferenceNumber })),
    ...ecommpay.debits.map((debit) => ({ ...debit, through: 'ECommPay', reference: debit.paymentId })),
  ].sort((a, b) => a.at - b.at);

function showViolations(violations) {
  byId('violations-card').classList.toggle('bad', violations.length > 0);
  byId('violations-none').hidden = violations.length > 0;
  if (byId('violations-count').textContent === String(violations.length)) return;
  byId('violations-count').textContent = String(violations.length);
  byId('violations').replaceChildren(
    ...violations
      .toReversed()
      .map(({ kind, call, detail, customer, number }) =>
        element(
          'li',
          {},
          element('strong', {}, kind),
          ` in ${call} ${number}${customer ? ` (${customer})` : ''}: ${detail}`,
        ),
      ),
  );
}

function showLedger(debits) {
  byId('ledger').hidden = debits.length === 0;
  byId('ledger-none').hidden = debits.length > 0;
  const body = byId('ledger').tBodies[0];
  const last = debits.length === 0 ? '' : `${debits.length} ${debits.at(-1).paymentId}`;
  if ((body.dataset.last ?? '') === last) return;
  showLately(debits);
  showTwice(debits);
  body.dataset.last = last;
  body.replaceChildren(
    ...debits
      .toReversed()
      .map(({ at, paymentId, through, amountCentavos, balanceAfterCentavos }) =>
        element(
          'tr',
          {},
          element('td', {}, momentOf(at)),
          element('td', {}, element('code', { title: paymentId }, `${paymentId.slice(0, 8)}…`)),
          element('td', {}, through),
          element('td', { className: 'money' }, peso(amountCentavos)),
          element('td', { className: 'money' }, peso(balanceAfterCentavos)),
        ),
      ),
  );
}

/** The alarm that must never ring: one of the merchant's requests, or one payment, debited more than once. */
function showTwice(debits) {
  const names = debits.map(({ reference }) => reference);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  byId('ledger-card').classList.toggle('bad', twice !== undefined);
  byId('twice').hidden = twice === undefined;
  byId('twice').textContent =
    twice === undefined ? '' : `Charged twice: ${twice} was debited more than once.`;
}

/** The same on the phone's home screen. */
function showLately(debits) {
  byId('lately-none').hidden = debits.length > 0;
  byId('lately').replaceChildren(
    ...debits
      .slice(-LATELY)
      .toReversed()
      .map(({ at, amountCentavos }) =>
        element(
          'li',
          {},
          byId('webview-title').textContent,
          element('b', {}, `−${peso(amountCentavos)}`),
          element('time', {}, momentOf(at)),
        ),
      ),
  );
}

/** Calls without a customer (client tokens), and those of ECommPay, which knows no wallet's owner, belong to everybody's log. */
function showLog(entries, customer) {
  for (const entry of entries) {
    if (entry.rail === 'maya' && entry.customer !== null && entry.customer !== customer) continue;
    const before = shown.get(entry.number);
    if (before?.tookMs !== undefined && before.tookMs === entry.tookMs) continue;
    const row = logRow(entry);
    row.open = before?.row.open ?? false;
    if (before) before.row.replaceWith(row);
    else byId('log').prepend(row);
    shown.set(entry.number, { row, tookMs: entry.tookMs });
  }
  const open = entries.find(({ tookMs }) => tookMs === null);
  const last = entries.at(-1)?.number ?? seen;
  seen = open ? open.number - 1 : last;
  for (const [number, { row }] of shown) {
    if (shown.size <= SHOWN_ENTRIES) break;
    row.remove();
    shown.delete(number);
  }
  byId('log-none').hidden = shown.size > 0;
}

function logRow(entry) {
  const outgoing = entry.direction === 'to-app';
  const code = codeOf(entry);
  const lost = entry.delivered === false && typeof entry.status === 'number' ? ', lost' : '';
  const took = entry.tookMs === null ? 'open' : `${entry.tookMs} ms`;
  const call = element('span', {}, entry.call);
  const them = entry.rail === 'maya' ? 'Maya' : 'ECommPay';
  if (entry.rail !== 'maya') call.append(element('span', { className: 'tag' }, them));
  if (entry.scenario) call.append(element('span', { className: 'tag' }, entry.scenario));
  return element(
    'details',
    {},
    element(
      'summary',
      {},
      element('span', { className: 'when' }, momentOf(entry.at)),
      element(
        'span',
        { title: outgoing ? `${them} to the app` : `the app to ${them}` },
        outgoing ? '←' : '→',
      ),
      call,
      element('span', { className: 'who' }, entry.rail === 'maya' ? (entry.customer ?? '') : ''),
      element(
        'span',
        { className: `status ${lost ? 'wrong' : kindOf(entry.status, code)}`.trim() },
        `${entry.status}${code && ` ${code}`}${lost}`,
      ),
      element('span', { className: 'took' }, took),
    ),
    element('pre', {}, wholeText(entry)),
    commandButton(entry),
  );
}

/** Maya's own code says more than the status: `PY0010` answers a repeat, and is no mistake. */
const codeOf = ({ response }) => response?.body.match(/"code":\s*"(PY\d{4})"/)?.[1] ?? '';

function kindOf(status, code) {
  if (code === 'PY0010') return 'repeat';
  return status === 'open' || (typeof status === 'number' && status < 400) ? '' : 'wrong';
}

function commandButton(entry) {
  const button = element('button', { type: 'button' }, 'Copy as curl');
  button.onclick = async () => {
    const base =
      entry.direction === 'to-app' ? new URL(byId('frame').src || location.href).origin : location.origin;
    await navigator.clipboard.writeText(asCommand(entry, base));
    button.textContent = 'Copied';
    setTimeout(() => {
      button.textContent = 'Copy as curl';
    }, COPIED_SHOWN_MS);
  };
  return button;
}

const headerLines = (headers) => Object.entries(headers).map(([name, value]) => `${name}: ${value}`);

const wholeText = ({ method, path, request, response, status }) =>
  [
    `${method} ${path}`,
    ...headerLines(request.headers),
    '',
    request.body,
    '',
    `→ ${status}`,
    ...headerLines(response?.headers ?? {}),
    '',
    response?.body ?? '',
  ]
    .join('\n')
    .trim();
