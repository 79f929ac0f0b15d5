import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ECOMMPAY } from '#e2e/rig/fake-ecommpay.ts';
import { csvOf, importText, letPayBefore, NAME, NUMBER, payoutRow, row } from '#e2e/rig/payouts.ts';
import { makeRig, type Rig } from '#e2e/rig/rig.ts';
import { MAX_ROWS } from './import-payouts.ts';
import { makePayoutKeys, openRecipient } from './recipient.ts';

let rig: Rig;
let run = 0;
/** Ids of its own for each test. */
const id = (name: string) => `t${run}-${name}`;

beforeAll(async () => {
  rig = await makeRig(() => Promise.reject(new Error('nothing is sent')), { settings: ECOMMPAY });
  await letPayBefore(rig.deps, 'customer-1');
});
afterAll(() => rig.close());
beforeEach(() => {
  run += 1;
});

const count = async () => (await rig.deps.store.db.selectFrom('payouts').select('id').execute()).length;

test('a clean file is recorded as a batch, its recipients sealed', async () => {
  const ids = [id('a'), id('b')];
  const result = await importText(rig.deps, csvOf(ids.map((payment_id) => row({ payment_id }))));
  expect(result).toMatchObject({
    rows: 2,
    fresh: 2,
    freshCentavos: 300_000,
    skipped: 0,
    problems: 0,
    told: [],
  });
  const stored = await payoutRow(rig.deps, id('b'));
  expect(stored).toMatchObject({
    state: 'ready',
    line: 3,
    amount_centavos: 150_000,
    batch_id: result.batchId,
  });
  expect(openRecipient(rig.deps.payouts.keys, stored.id, stored.sealed_recipient)).toMatchObject({
    accountNumber: NUMBER,
    customerName: NAME,
  });
  const everything = JSON.stringify(await rig.deps.store.db.selectFrom('payouts').selectAll().execute());
  expect(everything).not.toContain(NUMBER);
  expect(everything).not.toContain('Juana');
  expect(rig.logText()).not.toContain(NUMBER);
});

test('semicolons, a byte order mark, other order of columns, and a quoted line end', async () => {
  const text = `\ufeffcustomer_name;payment_id;amount;account_number;customer_id;ip_address\r\n"Peña, ${NAME}";${id('a')};1.00;${NUMBER};customer-1;::1\r\n`;
  expect(await importText(rig.deps, text)).toMatchObject({ fresh: 1, freshCentavos: 100, told: [] });
});

describe('E14: every bad row is told of by line, column and reason, never by what it says', () => {
  test.each<[string, Parameters<typeof row>[0], string]>([
    ['no id', { payment_id: '' }, '2 payment_id: is missing'],
    ['an id with a semicolon', { payment_id: 'a;b' }, '2 payment_id: must be letters'],
    ['an id that a spreadsheet calculates', { payment_id: '=1' }, '2 payment_id: must be letters'],
    ['an id that is the number', { payment_id: `0${NUMBER}` }, '2 payment_id: must not contain'],
    ['too little', { amount: '0.99' }, '2 amount: must be ₱1.00 to ₱20,000.00'],
    ['too much', { amount: '20000.01' }, '2 amount: must be ₱1.00 to ₱20,000.00'],
    ['centavos', { amount: '150000' }, '2 amount: must be pesos with a point and two decimals'],
    ['a decimal comma', { amount: '1500,00' }, '2 amount: must be pesos with a point'],
    ['thousands', { amount: '1,500.00' }, '2 amount: must be pesos with a point'],
    ['negative', { amount: '-1.00' }, '2 amount: must be pesos with a point'],
    [
      'a number without its zero',
      { account_number: '9171234567' },
      '2 account_number: must be 09 and nine digits; a spreadsheet',
    ],
    ['a number with +63', { account_number: '+639171234567' }, '2 account_number: must be 09'],
    ['twelve digits', { account_number: '091712345678' }, '2 account_number: must be 09'],
    ['no name', { customer_name: ' ' }, '2 customer_name: is missing'],
    [
      'a name that cannot be signed',
      { customer_name: 'Juana; Dela' },
      '2 customer_name: must be a full name',
    ],
    ['a name that is a formula', { customer_name: '=Juana' }, '2 customer_name: must be a full name'],
    ['a name in another encoding', { customer_name: 'Pe\ufffda' }, '2 customer_name: is not UTF-8'],
    ['no address', { ip_address: '' }, '2 ip_address: is missing, and ECOMMPAY_PAYOUT_IP'],
    ['a host for an address', { ip_address: 'localhost' }, '2 ip_address: must be an IPv4'],
    ['a customer who never paid', { customer_id: 'stranger' }, '2 customer_id: has not paid before'],
  ])('%s', async (_name, changes, told) => {
    const before = await count();
    const result = await importText(rig.deps, csvOf([row({ payment_id: id('a'), ...changes })]));
    expect(result).toMatchObject({ batchId: null, problems: 1, told: [expect.stringContaining(told)] });
    for (const value of Object.values(changes ?? {}))
      if (value !== undefined && value.length > 4) expect(result.told.join()).not.toContain(value);
    expect(await count()).toBe(before);
  });

  test('all of a row, and all rows', async () => {
    const rows = [
      row({ payment_id: '', amount: 'x' }),
      row({ payment_id: id('a') }),
      row({ account_number: '' }),
    ];
    const { told, rows: read } = await importText(rig.deps, csvOf(rows));
    expect(told.map((text) => text.split(':')[0])).toEqual(['2 payment_id', '2 amount', '4 account_number']);
    expect(read).toBe(3);
  });

  test('in the order of the file, whether the row or the store says so', async () => {
    const rows = [row({ payment_id: id('a'), customer_id: 'stranger' }), row({ payment_id: '' })];
    const { told } = await importText(rig.deps, csvOf(rows));
    expect(told.map((text) => text.split(':')[0])).toEqual(['2 customer_id', '3 payment_id']);
  });

  test('an id that stands twice', async () => {
    const twice = await importText(
      rig.deps,
      csvOf([row({ payment_id: id('a') }), row({ payment_id: id('a') })]),
    );
    expect(twice.told).toEqual([expect.stringContaining('3 payment_id: stands in line 2 already')]);
  });

  test.each<[string, string, string]>([
    ['nothing', '', '1 file: is empty'],
    ['a column is missing', 'payment_id,amount\n', '1 customer_id: the column is missing'],
    [
      'a column nobody knows',
      csvOf([], ['payment_id', 'amount', 'customer_id', 'account_number', 'customer_name', 'acount']),
      'is not known',
    ],
    [
      'a column twice',
      csvOf([], ['payment_id', 'amount', 'customer_id', 'account_number', 'customer_name', 'amount']),
      'stands twice',
    ],
    ['too few cells', `${csvOf([])}a,b\r\n`, '2 customer_id: there are 2 cells, but 6 columns'],
    ['a stray quote', `${csvOf([])}a"b,1,2,3,4,5\r\n`, '2 payment_id: a quote stands inside a cell'],
  ])('the file as a whole: %s', async (_name, text, told) => {
    const result = await importText(rig.deps, text);
    expect(result.batchId).toBeNull();
    expect(result.told.join('\n')).toContain(told);
  });

  test('too many rows', async () => {
    const line = '\nx,,,,,';
    const result = await importText(rig.deps, `${csvOf([]).trimEnd()}${line.repeat(MAX_ROWS + 1)}`);
    expect(result.told.at(-1)).toContain('split it');
  });
});

describe('nothing is recorded until the file is clean, or staff says otherwise', () => {
  const mixed = () => csvOf([row({ payment_id: id('good') }), row({ payment_id: id('bad'), amount: '1' })]);

  test('the good rows, at the word of staff; the corrected file then brings only what is new', async () => {
    expect(await importText(rig.deps, mixed())).toMatchObject({ batchId: null, fresh: 1, problems: 1 });
    const good = await importText(rig.deps, mixed(), 'good_rows');
    expect(good).toMatchObject({ batchId: expect.any(String), fresh: 1, problems: 1 });
    const corrected = csvOf([
      row({ payment_id: id('good') }),
      row({ payment_id: id('bad'), amount: '1.00' }),
    ]);
    expect(await importText(rig.deps, corrected)).toMatchObject({ fresh: 1, skipped: 1, problems: 0 });
    expect(await importText(rig.deps, corrected)).toMatchObject({ batchId: null, fresh: 0, skipped: 2 });
  });

  test.each([
    ['whole, in quotes, on lines of its own', (line: string) => `"Juana\r\n${line}"`],
    ['behind a quote that nobody closed', (line: string) => `"Juana\r\n${line}`],
    ['behind text after a closing quote', (line: string) => `"a"b,"Juana\r\n${line}"`],
    ['behind a quote inside a cell', (line: string) => `5" pipe,"Juana\r\n${line}"`],
    ['behind a cell without end', (line: string) => `${'x'.repeat(10_001)},"Juana\r\n${line}"`],
  ])('E14: what a cell says is never a payout, good rows or not: a row %s', async (_name, cellOf) => {
    const before = await count();
    const line = csvOf([row({ payment_id: id('evil') })]).split('\r\n')[1];
    const text = `${csvOf([row({ payment_id: id('good') })])}x,1.00,customer-1,${NUMBER},${cellOf(`${line}\r\n`)},1.2.3.4\r\n`;
    for (const mode of ['whole', 'good_rows', 'check'] as const) {
      const refused = await importText(rig.deps, text, mode);
      expect(refused).toMatchObject({ batchId: null, unreadableLine: 3 });
      expect(refused.told.join('\n')).toMatch(/^3 /m);
    }
    expect(await count()).toBe(before);
  });

  test('checking records nothing', async () => {
    const before = await count();
    const text = csvOf([row({ payment_id: id('a') })]);
    expect(await importText(rig.deps, text, 'check')).toMatchObject({ batchId: null, fresh: 1, problems: 0 });
    expect(await count()).toBe(before);
  });

  test.each(['amount', 'account_number', 'customer_name', 'ip_address'] as const)(
    'the same id with another %s is a problem',
    async (column) => {
      await importText(rig.deps, csvOf([row({ payment_id: id('a') })]));
      const other = {
        amount: '1.01',
        account_number: '09171234568',
        customer_name: 'Jose',
        ip_address: '::1',
      };
      const changed = csvOf([row({ payment_id: id('a'), [column]: other[column] })]);
      expect((await importText(rig.deps, changed)).told).toEqual([
        expect.stringContaining('2 payment_id: is on record with other content'),
      ]);
    },
  );

  test('the same row is known after a change of the password', async () => {
    const text = csvOf([row({ payment_id: id('a') })]);
    await importText(rig.deps, text);
    const keys = makePayoutKeys('another password, which is long enough', rig.deps.settings.SESSION_PASSWORD);
    expect(await importText(rig.deps, text, 'whole', { keys })).toMatchObject({ skipped: 1, problems: 0 });
    const gone = makePayoutKeys('another password, which is long enough');
    expect(await importText(rig.deps, text, 'whole', { keys: gone })).toMatchObject({
      skipped: 0,
      told: [expect.stringContaining('before a change of SESSION_PASSWORD')],
    });
  });

  test('two imports of one file at once record it once', async () => {
    const text = csvOf([row({ payment_id: id('a') }), row({ payment_id: id('b') })]);
    const both = await Promise.allSettled([importText(rig.deps, text), importText(rig.deps, text)]);
    const recorded = both.filter((one) => one.status === 'fulfilled' && one.value.batchId !== null);
    expect(recorded).toHaveLength(1);
  });
});

test('what was sealed for one payout opens for no other, and not with another password', async () => {
  await importText(rig.deps, csvOf([row({ payment_id: id('a') })]));
  const { sealed_recipient: sealed } = await payoutRow(rig.deps, id('a'));
  const { keys } = rig.deps.payouts;
  expect(() => openRecipient(keys, id('b'), sealed)).toThrow('cannot be read');
  expect(() => openRecipient(makePayoutKeys('x'.repeat(40)), id('a'), sealed)).toThrow('cannot be read');
  const altered = sealed.slice(0, -4) + (sealed.endsWith('AAAA') ? 'BBBB' : 'AAAA');
  expect(() => openRecipient(keys, id('a'), altered)).toThrow('cannot be read');
});
