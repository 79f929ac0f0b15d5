import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { csvOf, NAME, NUMBER, row } from '#e2e/rig/payouts.ts';
import { openTestStore, type TestStore } from '#e2e/rig/test-store.ts';
import { type Simulator, startSimulator } from '#e2e/simulator/start.ts';
import { nowMs } from '../db/store.ts';

const ecommpay = { projectId: 580, secret: 'a-secret', dataToken: 'data-token', dataSecret: 'data-secret' };

let store: TestStore;
let simulator: Simulator;
let folder: string;
let env: Record<string, string | undefined>;

beforeAll(async () => {
  store = await openTestStore({ onDisk: true });
  folder = mkdtempSync(join(tmpdir(), 'payouts-'));
  simulator = await startSimulator({
    port: 0,
    appUrl: 'http://localhost:1',
    clientId: 'client',
    clientSecret: 'a-client-secret',
    p2mId: 'P2M-1',
    ecommpay,
    ecommpaySettings: { payoutNeedsSale: false },
  });
  env = {
    PATH: process.env.PATH,
    DATABASE_URL: store.url,
    APP_URL: 'http://localhost:3000',
    SESSION_PASSWORD: 'a password for tests, which is long enough',
    MAYA_MODE: 'simulator',
    MAYA_API_URL: simulator.url,
    MAYA_TOKEN_URL: `${simulator.url}/oauth/token`,
    MAYA_CLIENT_ID: 'client',
    MAYA_CLIENT_SECRET: 'a-client-secret',
    MAYA_P2M_ID: 'P2M-1',
    ECOMMPAY_PROJECT_ID: '580',
    ECOMMPAY_SECRET: ecommpay.secret,
    ECOMMPAY_GATE_URL: simulator.url,
    ECOMMPAY_PAYMENT_PAGE_URL: `${simulator.url}/payment`,
    ECOMMPAY_DATA_URL: `${simulator.url}/v1`,
    ECOMMPAY_DATA_TOKEN: ecommpay.dataToken,
    ECOMMPAY_DATA_SECRET: ecommpay.dataSecret,
    ECOMMPAY_PAYOUT_IP: '203.0.113.7',
  };
});
afterAll(async () => {
  await simulator.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the command as staff does, in a process of its own. */
async function command(args: string[], input = ''): Promise<{ code: number; text: string }> {
  const child = spawn(process.execPath, ['lib/cli/payouts.ts', ...args], { env: env as NodeJS.ProcessEnv });
  const parts: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => parts.push(String(data)));
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number];
  return { code, text: parts.join('') };
}

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const BATCH = /Recorded as batch (\S+)\./;

test('from the file to the books: payers, import, send, list, show, decide', {
  timeout: 90_000,
}, async () => {
  const rows = [row({ payment_id: 'cli-1' }), row({ payment_id: 'cli-2', amount: '0.50' })];
  const payouts = file('payouts.csv', csvOf(rows));
  const stranger = await command(['import', payouts]);
  expect(stranger.code).toBe(1);
  expect(stranger.text).toContain('line 2, customer_id: has not paid before');
  expect(stranger.text).toContain('line 3, amount: must be');
  expect(stranger.text).toContain('Nothing was recorded');

  const payers = await command(
    ['payers', 'import', '-', '--as', 'Ana Reyes'],
    'customer_id,method\ncustomer-1,GCash\n',
  );
  expect(payers).toEqual({ code: 0, text: '1 rows: 1 new, 0 problems.\n' });
  expect((await command(['import', payouts, '--check'])).text).toContain('Only checked');
  const imported = await command(['import', payouts, '--send-good-rows', '--as', 'Ana Reyes']);
  const batch = BATCH.exec(imported.text)?.[1] ?? '';
  expect(imported.text).toContain(
    '2 rows: 1 good and new (₱1,500.00), 0 on record already, 1 bad (problems: 1).',
  );
  expect(simulator.ecommpay.payments()).toEqual([]);

  const sent = await command(['send', '--as', 'Ana Reyes']);
  expect([sent.code, sent.text]).toEqual([0, expect.stringMatching(/1 {2}processing/)]);
  expect(simulator.ecommpay.payments()).toMatchObject([{ id: 'cli-1', type: 'payout' }]);
  expect((await command(['send', batch])).text).toContain('There was nothing to send.');
  expect((await command(['list'])).text).toMatch(/Ana Reyes\n {2}processing +1 +₱1,500.00/);
  expect((await command(['list', '--batch', batch])).text).toContain('cli-1  line 2');

  const shown = await command(['show', 'cli-1']);
  expect(shown.text).toContain('09•••••••67  J••• D••• C•••');
  expect(shown.text).toContain('Ana Reyes: payout.send');
  expect(shown.text).toMatch(/Not paid +can be decided from \w+ \d+, \d{4}/);
  expect((await command(['ask-again', 'cli-1'])).text).toContain('asks at its next turn');
  const looked = ['--seen', '3', '--evidence', 'Dashboard'];
  expect((await command(['decide', 'cli-1', 'paid', '--seen', '2', ...looked.slice(2)])).text).toContain(
    'Look again',
  );
  const early = await command(['decide', 'cli-1', 'not-paid', ...looked]);
  expect([early.code, early.text]).toEqual([1, expect.stringMatching(/can be decided from \w+ \d+, \d{4}/)]);
  const decided = await command(['decide', 'cli-1', 'paid', ...looked, '--as', 'Ana Reyes']);
  expect([decided.code, decided.text]).toEqual([0, expect.stringContaining('paid')]);
  expect((await command(['show', 'cli-1'])).text).toContain('Booked     ₱1,500.00');
  for (const { text } of [stranger, imported, sent, shown, decided]) {
    expect(text).not.toContain(NUMBER);
    expect(text).not.toContain(NAME);
  }
});

test('E14: a file in which a line is not CSV is refused whole, with the line and what to do', {
  timeout: 60_000,
}, async () => {
  const payer = await command(
    ['payers', 'import', '-'],
    `customer_id,method\ncustomer-8,gcash\n"x\ncustomer-9,gcash\n",gcash\n`,
  );
  expect([payer.code, payer.text]).toEqual([1, expect.stringContaining('line 3 cannot be read')]);
  const known = await store.store.db.selectFrom('payout_payers').select('customer_id').execute();
  expect(known.map(({ customer_id: customer }) => customer)).not.toContain('customer-9');
  expect(known.map(({ customer_id: customer }) => customer)).not.toContain('customer-8');

  await command(['payers', 'import', '-'], 'customer_id,method\ncustomer-1,grabpay\n');
  const evil = csvOf([row({ payment_id: 'cli-7' })]).split('\r\n')[1];
  const text = `${csvOf([])}cli-6,1.00,customer-1,${NUMBER},"Juana\n${evil}\nEve",1.2.3.4\n`;
  for (const option of ['--send-good-rows', '--check']) {
    const refused = await command(['import', '-', option], text);
    expect([refused.code, refused.text]).toEqual([1, expect.stringContaining('line 2 cannot be read')]);
    expect(refused.text).not.toContain('Recorded as batch');
  }
});

test('a file for the Dashboard is for its owner’s eyes, and never over another file', {
  timeout: 60_000,
}, async () => {
  await command(['payers', 'import', '-'], 'customer_id,method\ncustomer-1,grabpay\n');
  const imported = await command(['import', '-'], csvOf([row({ payment_id: 'cli-3' })]));
  const batch = BATCH.exec(imported.text)?.[1] ?? '';
  const target = join(folder, 'dashboard.csv');
  const columns = ['--columns', 'payment_id,account_number=Account'];
  const written = await command(['export-dashboard', target, '--batch', batch, ...columns]);
  expect([written.code, written.text]).toEqual([0, expect.stringContaining('UNVERIFIED')]);
  expect(readFileSync(target, 'utf8')).toBe(`payment_id,Account\r\n"cli-3","${NUMBER}"\r\n`);
  expect(statSync(target).mode & 0o077).toBe(0);
  const again = await command(['export-dashboard', target, '--batch', batch, '--again']);
  expect([again.code, again.text]).toEqual([1, expect.stringContaining('EEXIST')]);
});

test('what waits for a person is named when it is sent, with what to do', { timeout: 60_000 }, async () => {
  await command(['payers', 'import', '-'], 'customer_id,method\ncustomer-1,grabpay\n');
  const rows = [row({ payment_id: 'cli-5' }), row({ payment_id: 'cli-6', amount: '2.00' })];
  const imported = await command(['import', '-'], csvOf(rows));
  const batch = BATCH.exec(imported.text)?.[1] ?? '';
  simulator.ecommpay.setScenario({ payment: 'cli-5', name: 'duplicate-3613' });
  const sent = await command(['send', batch]);
  expect(sent.text).toMatch(/1 {2}held +refused for now/);
  expect(sent.text).toMatch(/cli-5 {2}held \(duplicate\): ECommPay saw the same customer and amount/);
  expect((await command(['list'])).text).toContain(`${batch}  sending`);
  const ended = await command(['decide', 'cli-5', 'not-paid', '--seen', '2', '--evidence', 'a double']);
  expect([ended.code, ended.text]).toEqual([0, expect.stringContaining('failed')]);
  expect((await command(['list'])).text).toContain(`${batch}  all sent`);
  expect((await command(['show', 'cli-5'])).text).toContain('Alarms (acknowledge with --seen 1):');
  const looked = ['acknowledge', 'cli-5', '--evidence', 'looked'];
  const unseen = await command(looked);
  expect([unseen.code, unseen.text]).toEqual([1, expect.stringContaining('as "show" prints it')]);
  const seen = await command([...looked, '--seen', '1']);
  expect([seen.code, seen.text]).toEqual([0, expect.stringContaining('no open alarm')]);
  const bell = { kind: 'contradiction', subject: 'cli-5', since: nowMs, last_at: nowMs, times: 1 };
  await store.store.db
    .insertInto('alarms')
    .values({ id: 'bell', ...bell })
    .execute();
  const stale = await command([...looked, '--seen', '1']);
  expect([stale.code, stale.text]).toEqual([1, expect.stringContaining('nothing was closed. Look again')]);
  const closed = await command([...looked, '--seen', '2']);
  expect([closed.code, closed.text]).toEqual([0, expect.stringContaining('Acknowledged: contradiction.')]);
  const late = await command(['send', 'cli-5']);
  expect([late.code, late.text]).toEqual([1, expect.stringContaining('It is failed (staff)')]);
});

test('the balance is shown as ECommPay says it', { timeout: 30_000 }, async () => {
  const { code, text } = await command(['balance']);
  expect([code, text]).toEqual([0, expect.stringMatching(/PHP\n.*not documented/)]);
});

test.each<[string, string[], string]>([
  ['an unknown command', ['destroy'], 'There is no command'],
  ['no file', ['import'], 'Name a file'],
  ['no such file', ['import', 'nowhere.csv'], 'ENOENT'],
  ['no such batch', ['send', 'nobody'], 'There is no such batch or payout'],
  ['no such payout', ['show', 'nobody'], 'There is no such payout'],
  ['a decision without evidence', ['decide', 'cli-1', 'paid'], 'Say what you saw'],
  ['a decision about no version', ['decide', 'cli-1', 'paid', '--evidence', 'Dashboard'], '--seen <version>'],
  ['neither paid nor not', ['decide', 'cli-1', 'maybe'], 'not-paid'],
  ['an unknown state', ['list', '--state', 'gone'], 'states are ready'],
  ['an unknown column', ['export-dashboard', 'nowhere.csv', '--columns', 'name'], 'there is no column'],
])('%s: says what to do', { timeout: 30_000 }, async (_name, args, text) => {
  const result = await command(args);
  expect([result.code, result.text]).toEqual([1, expect.stringContaining(text)]);
});
