import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ScenarioName } from '../simulator/maya/scenarios/catalogue.ts';
import { bundle, dump, logsOf, piece } from './searched-places.ts';
import { freshCustomer, goToCheckout, openStage, type StageEngine } from './stage.ts';

/** Scenarios that touch every place where a token could slip out. */
const TOUCHING: ScenarioName[] = [
  'approved',
  'declined-balance-code',
  'create-500',
  'execute-502-html',
  'execute-truncated',
  'token-expired-create',
  'token-expired-execute',
  'refresh-refused',
  'refresh-answer-lost',
  'profile-down',
  'client-token-rejected',
  'oauth-down',
];

test.each<StageEngine>(['sqlite', 'postgres'])(
  'F2, F3, F4, A10: no secret, token or name in any log, page, address, bundle or the store of %s',
  async (engine) => {
    const pages: string[] = [];
    const stage = await openStage(engine, { onBody: (body) => pages.push(body) });
    try {
      const names: string[] = [];
      for (const scenario of TOUCHING) {
        const customer = freshCustomer();
        const name = `Zenaida ${customer} Quiambao`;
        names.push(name);
        const webview = await stage.launch(customer, { name });
        await goToCheckout(webview);
        stage.simulator.maya.setScenario({ customer, name: scenario });
        await webview.submit(/^Pay /);
        await webview.open('/orders');
        await webview.open('/open?reason=<script>alert(1)</script>');
      }
      const { secrets, env } = stage;
      const forbidden = [
        ...stage.simulator.maya.secrets().map(({ value }) => value),
        secrets.clientSecret,
        secrets.sessionPassword,
        secrets.sessionUrlSecret,
        String(secrets.profileDecryption.d),
        env.MAYA_CLIENT_SECRET ?? '',
      ].filter((secret) => secret.length >= 16);
      expect(forbidden.length).toBeGreaterThan(40);

      const logs = logsOf(stage);
      expect(logs.length).toBeGreaterThan(50);
      const places: [string, string][] = [
        ['the logs', logs.join('\n')],
        ['the pages', pages.join('\n')],
        ['the bundle', bundle()],
        ['the store', await dump(stage)],
      ];
      if (engine === 'sqlite')
        for (const end of ['', '-wal'])
          places.push([
            `the file${end}`,
            readFileSync(stage.databaseUrl.slice('file:'.length) + end, 'latin1'),
          ]);
      const found = places.flatMap(([place, text]) => [
        ...forbidden
          .filter((secret) => text.includes(piece(secret)))
          .map((secret) => `${piece(secret)}… in ${place}`),
        ...names
          .filter((name) => text.includes(name) || text.includes('Zenaida'))
          .map((name) => `${name} in ${place}`),
      ]);
      expect(found).toEqual([]);
      expect(pages.join('\n')).not.toContain('<script>alert(1)');
      expect(logs.join('\n')).not.toMatch(/sessionId=[0-9a-f]/);
    } finally {
      await stage.close();
    }
  },
);

test('F3: names of server settings stay out of the bundle', () => {
  const text = bundle();
  for (const name of [
    'SESSION_PASSWORD',
    'MAYA_CLIENT_SECRET',
    'ECOMMPAY_SECRET',
    'ECOMMPAY_DATA',
    'DATABASE_URL',
    'sealed_tokens',
  ])
    expect(text).not.toContain(name);
});
