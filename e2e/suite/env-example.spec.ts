import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readSettings, VARIABLES } from '#lib/base/env.ts';

const text = readFileSync('.env.example', 'utf8');
const example = Object.fromEntries(
  text
    .split('\n')
    .filter((line) => /^[A-Z0-9_]+=/.test(line))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const),
);

/** Read by Next itself at build. */
const OF_NEXT = ['NEXT_SERVER_ACTIONS_ENCRYPTION_KEY', 'DEPLOYMENT_ID'];

test('.env.example names every variable, and no other', () => {
  expect(Object.keys(example).sort()).toEqual([...VARIABLES, ...OF_NEXT].sort());
});

test('.env.example holds no secret, and starts once the secrets are filled in', () => {
  const secrets = {
    SESSION_PASSWORD: 'x'.repeat(40),
    MAYA_CLIENT_ID: 'id',
    MAYA_CLIENT_SECRET: 'secret',
    MAYA_P2M_ID: 'p2m',
  };
  for (const name of Object.keys(secrets)) expect(example[name]).toBe('');
  const settings = readSettings(
    { ...example, ...secrets, MAYA_TOKEN_URL: 'https://connect.example.ph/token' },
    true,
  );
  expect(settings.MAYA_MODE).toBe('sandbox');
});

test('its defaults are the defaults of the code', () => {
  const needed = {
    APP_URL: 'http://localhost:3000',
    SESSION_PASSWORD: 'x'.repeat(40),
    MAYA_MODE: 'sandbox',
    MAYA_API_URL: 'https://op-sandbox.paymaya.com',
    MAYA_TOKEN_URL: 'https://connect.example.ph/token',
    MAYA_CLIENT_ID: 'id',
    MAYA_CLIENT_SECRET: 'secret',
    MAYA_P2M_ID: 'p2m',
  };
  const bare = readSettings(needed, true);
  const filled = readSettings({ ...example, ...needed }, true);
  expect({ ...filled, PORT: undefined }).toEqual({ ...bare, PORT: undefined });
});

test('the README’s table of settings names every variable, but for the tests’ own', () => {
  const readme = readFileSync('README.md', 'utf8');
  const table = readme.slice(readme.indexOf('## Settings'), readme.indexOf('## Errors'));
  const named = [...table.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, names = '']) =>
    [...names.matchAll(/`([A-Z0-9_]+)`/g)].map(([, name]) => name),
  );
  expect(named.sort()).toEqual([...VARIABLES, ...OF_NEXT].filter((name) => name !== 'FAULT_POINT').sort());
});
