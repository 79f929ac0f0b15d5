import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createRig } from '../rig.ts';
import { scenarios } from './catalogue.ts';

describe('the book', () => {
  test('a scenario is for one customer, and a new one replaces the old', () => {
    const rig = createRig();
    const [maria, jose] = [rig.open(), rig.open('jose')];
    rig.scenario('execute-404', 'always');
    expect(rig.execute(jose, rig.payment(jose)).body.status).toBe('APPROVED');
    expect(rig.execute(maria, rig.payment(maria)).status).toBe(404);
    rig.scenario('declined-risk');
    expect(rig.maya.activeScenarios().active).toEqual({ maria: { name: 'declined-risk', remaining: 1 } });
    rig.maya.clearScenario('maria');
    expect(rig.execute(maria, rig.payment(maria)).body.status).toBe('APPROVED');
  });

  test('calls that are wrong, or of another kind, use nothing up', () => {
    const rig = createRig();
    const tokens = rig.open();
    rig.scenario('execute-404');
    const id = rig.payment(tokens);
    rig.ask(rig.executeRequest(tokens, id, { 'content-type': undefined }));
    expect(rig.maya.activeScenarios().active.maria).toEqual({ name: 'execute-404', remaining: 1 });
  });

  test.each([
    [{ name: 'approved' }, 'customer_missing'],
    [{ customer: 'maria', name: 'no-such' }, 'unknown_scenario'],
    [{ customer: 'maria', name: 'execute-404', calls: 0 }, 'invalid_scenario'],
    [{ customer: 'maria', name: 'execute-404', calls: 1.5 }, 'invalid_scenario'],
    [{ customer: 'maria', name: 'execute-404', times: 1 }, 'invalid_scenario'],
    [undefined, 'invalid_scenario'],
  ])('%j is a mistake', (request, code) => {
    expect(() => createRig().maya.setScenario(request)).toThrow(
      expect.objectContaining({ status: 400, code }),
    );
  });
});

describe('the catalogue', () => {
  test('every scenario has its own name and words, and touches what it changes', () => {
    expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
    for (const { name, title, what, touches, create, execute } of scenarios) {
      expect(title, name).toMatch(/^[A-Z].*[^.]$/);
      expect(what, name).toMatch(/^[A-Z].*\.$/);
      if (create) expect(touches, name).toContain('create');
      if (execute) expect(touches, name).toContain('execute');
    }
  });

  test('every scenario is tried in a spec', () => {
    const specs = readdirSync(import.meta.dirname)
      .filter((file) => file.endsWith('.spec.ts'))
      .map((file) => readFileSync(path.join(import.meta.dirname, file), 'utf8'))
      .join();
    expect(scenarios.map(({ name }) => name).filter((name) => !specs.includes(`'${name}'`))).toEqual([]);
  });
});
