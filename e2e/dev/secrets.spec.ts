import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { appEnvironment, simulatorEnvironment } from './environment.ts';
import { makeSecrets, readOrMakeSecrets } from './secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'dev-secrets-'));
const file = join(folder, 'deep', 'secrets.json');
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const written = () => JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;

test('secrets are made once, and what an older file lacks is added to it', async () => {
  const made = await readOrMakeSecrets(file);
  expect(await readOrMakeSecrets(file)).toEqual(made);

  const { ecommpaySecret, ...older } = made;
  writeFileSync(file, JSON.stringify(older));
  const mended = await readOrMakeSecrets(file);
  expect(mended).toEqual({ ...made, ecommpaySecret: mended.ecommpaySecret });
  expect(mended.ecommpaySecret).not.toBe(ecommpaySecret);
  expect(written()).toEqual(mended);

  writeFileSync(file, 'no json');
  expect((await readOrMakeSecrets(file)).sessionPassword).not.toBe(made.sessionPassword);
  expect(Object.keys(written()).sort()).toEqual(Object.keys(made).sort());
});

test('the simulator is told of ECommPay; the app is not, so that the rail stays off there', async () => {
  const secrets = await makeSecrets();
  const ports = { app: 3000, simulator: 4000 };
  const names = (environment: Record<string, string>) =>
    Object.keys(environment).filter((name) => name.startsWith('ECOMMPAY_'));
  expect(names(appEnvironment(secrets, ports))).toEqual([]);
  expect(names(simulatorEnvironment(secrets, ports))).toEqual([
    'ECOMMPAY_PROJECT_ID',
    'ECOMMPAY_SECRET',
    'ECOMMPAY_PAYMENT_PAGE_URL',
    'ECOMMPAY_GATE_URL',
    'ECOMMPAY_DATA_URL',
    'ECOMMPAY_DATA_TOKEN',
    'ECOMMPAY_DATA_SECRET',
  ]);
});
