import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import packageLock from '../../package-lock.json' with { type: 'json' };
import floors from './floors.json' with { type: 'json' };

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Path and text. */
type Files = Record<string, string>;

/** Text files under these folders, or these files, that have one of the endings. */
function read(places: string[], endings: RegExp): Files {
  const files: Files = {};
  const visit = (path: string) => {
    const full = join(ROOT, path);
    if (!existsSync(full)) return;
    if (statSync(full).isDirectory())
      for (const name of readdirSync(full).sort()) visit(posix.join(path, name));
    else if (endings.test(path)) files[path] = readFileSync(full, 'utf8');
  };
  for (const place of places) visit(place);
  return files;
}

const only = (files: Files, wanted: (path: string) => boolean): Files =>
  Object.fromEntries(Object.entries(files).filter(([path]) => wanted(path)));

const SPEC = /\.spec\.tsx?$/;
const SOURCES = only(
  read(['app', 'components', 'lib', 'proxy.ts', 'instrumentation.ts'], /\.tsx?$/),
  (path) => !SPEC.test(path),
);
const DRAWN = only(SOURCES, (path) => /^(app|components)\//.test(path));
const DECIDED = only(SOURCES, (path) => path.startsWith('lib/'));

/** From top to bottom. Rooms of one line do not know each other. */
const LINES = [
  ['app'],
  ['lib/actions', 'lib/cli'],
  ['lib/runtime'],
  ['lib/ops'],
  ['lib/shop'],
  ['lib/payments', 'lib/payouts'],
  ['lib/orders'],
  ['lib/customer-session'],
  ['lib/maya', 'lib/ecommpay'],
  ['lib/db'],
  ['lib/base'],
];
const lineOf = (room: string) => LINES.findIndex((rooms) => rooms.includes(room));
const KNOW_NEXT = ['app', 'lib/actions', 'lib/runtime'];

function roomOf(path: string): string {
  const [top = '', second = ''] = path.split('/');
  if (top === 'lib') return `lib/${second}`;
  return path.includes('/') ? top : 'app'; // proxy.ts and instrumentation.ts
}

const IMPORTS = [
  /\b(?:import|export)\b[^'"`;()]*?\bfrom\s*['"]([^'"]+)['"]/g,
  /\bimport\s*['"]([^'"]+)['"]/g,
  /\b(?:import|require)\s*\(\s*(?:\/\*.*?\*\/\s*)?(['"`]?)([^'"`)]*)\1/g,
];

/** What a file imports: static, dynamic and type imports alike. `?` stands for what only runs can tell. */
function importsOf(source: string): string[] {
  return IMPORTS.flatMap((pattern) =>
    [...source.matchAll(pattern)].map(([, first = '', second]) =>
      second === undefined ? first : first && !second.includes('${') ? second : '?',
    ),
  );
}

/** Why a file of `from` may not import `specifier`, or nothing. */
function complaint(path: string, specifier: string): string | undefined {
  const from = roomOf(path);
  if (from !== 'components' && lineOf(from) < 0) return 'stands in a room without a place';
  if (specifier === '?') return 'imports what nobody can read';
  if (/^next(\/|$)/.test(specifier)) {
    const drawing = from === 'components' && ['next/link', 'next/navigation'].includes(specifier);
    return KNOW_NEXT.includes(from) || drawing ? undefined : 'may not know Next';
  }
  if (!/^[.#]/.test(specifier)) return undefined;
  const target = specifier.startsWith('#') ? specifier.slice(1) : posix.join(posix.dirname(path), specifier);
  const to = roomOf(target);
  if (to === from) return undefined;
  if (from === 'components') return to === 'lib/base' ? undefined : 'draws from props';
  if (to === 'components') return from === 'app' ? undefined : 'is not drawn';
  if (lineOf(to) < 0) return 'leads out of the rooms';
  if (lineOf(to) <= lineOf(from)) return lineOf(to) === lineOf(from) ? 'runs sideways' : 'runs up';
  return lineOf(from) === lineOf('lib/maya') && to === 'lib/db'
    ? 'is a protocol, without a store'
    : undefined;
}

const wrongImports = (files: Files): string[] =>
  Object.entries(files).flatMap(([path, source]) =>
    importsOf(source).flatMap((specifier) => {
      const why = complaint(path, specifier);
      return why ? [`${path} → ${specifier}: ${why}`] : [];
    }),
  );

describe('rooms: imports run downward only', () => {
  test('in this project', () => {
    expect(Object.keys(SOURCES).length).toBeGreaterThan(100);
    expect(wrongImports(SOURCES)).toEqual([]);
  });

  test.each([
    ['lib/payments/a.ts', "import { a } from '../orders/a.ts';", undefined],
    ['lib/payments/a.ts', "import { a } from '../shop/a.ts';", 'runs up'],
    ['lib/payments/a.ts', "import type { A } from '#lib/shop/a.ts';", 'runs up'],
    ['lib/payments/a.ts', "export * from '../shop/a.ts';", 'runs up'],
    ['lib/payments/a.ts', "import {\n  a,\n  b,\n} from '../shop/a.ts';", 'runs up'],
    ['lib/payments/a.ts', "import '../shop/a.ts';", 'runs up'],
    ['lib/payments/a.ts', "const a = await import('../shop/a.ts');", 'runs up'],
    ['lib/payments/a.ts', "type A = import('../shop/a.ts').A;", 'runs up'],
    ['lib/payments/a.ts', 'const a = require("../shop/a.ts");', 'runs up'],
    ['lib/payments/a.ts', "import { a } from '../payouts/a.ts';", 'runs sideways'],
    ['lib/maya/a.ts', "import { a } from '../ecommpay/a.ts';", 'runs sideways'],
    ['lib/cli/a.ts', "import { a } from '../actions/a.ts';", 'runs sideways'],
    ['lib/maya/a.ts', "import { a } from '../db/a.ts';", 'is a protocol, without a store'],
    ['lib/ecommpay/a.ts', "import { a } from '../db/a.ts';", 'is a protocol, without a store'],
    ['lib/maya/a.ts', "import { a } from '../base/a.ts';", undefined],
    ['lib/base/a.ts', "import { a } from '../db/a.ts';", 'runs up'],
    ['lib/runtime/a.ts', "import { cookies } from 'next/headers';", undefined],
    ['lib/payments/a.ts', "import { cookies } from 'next/headers';", 'may not know Next'],
    ['lib/cli/a.ts', "import type { A } from 'next';", 'may not know Next'],
    ['lib/shop/a.ts', "import { a } from '#components/a.tsx';", 'is not drawn'],
    ['lib/runtime/a.ts', "import { a } from '../../app/page.tsx';", 'runs up'],
    ['lib/base/a.ts', "import { a } from '#e2e/rig/rig.ts';", 'leads out of the rooms'],
    ['components/a.tsx', "import { a } from '#e2e/rig/rig.ts';", 'draws from props'],
    ['components/a.tsx', "import { a } from '#lib/shop/a.ts';", 'draws from props'],
    ['components/a.tsx', "import { a } from '#lib/base/money.ts';", undefined],
    ['components/a.tsx', "import Link from 'next/link';", undefined],
    ['components/a.tsx', "import { headers } from 'next/headers';", 'may not know Next'],
    ['app/a/page.tsx', "import { a } from '#components/a.tsx';", undefined],
    ['proxy.ts', "import { a } from 'next/server';", undefined],
    ['lib/new-room/a.ts', "import { a } from '../base/a.ts';", 'stands in a room without a place'],
    ['lib/base/a.ts', ['await import(`./$', '{name}.ts`);'].join(''), 'imports what nobody can read'],
    ['lib/base/a.ts', 'await import(name);', 'imports what nobody can read'],
  ])('%s: %s', (path, source, why) => {
    const specifier = importsOf(source)[0];
    expect(wrongImports({ [path]: source })).toEqual(why ? [`${path} → ${specifier}: ${why}`] : []);
  });
});

const DIRECTIVE = /(?:^|[;{}\n])[ \t]*(['"])use server\1/;
const MAY_BE_EXPORTED =
  /^export (?:(?:default )?async function\b|const \w+(?:: [^=]+)? = async\b|(?:type|interface) \w)/;

const wrongServerFiles = (files: Files): string[] =>
  Object.entries(files).flatMap(([path, source]) => {
    if (!path.startsWith('lib/actions/'))
      return DIRECTIVE.test(source) ? [`${path}: is no file of actions`] : [];
    if (!/^(['"])use server\1;?\r?\n/.test(source)) return [`${path}: does not start with the directive`];
    const exported = [...source.matchAll(/^\s*export\b.*$/gm)].map(([line]) => line.trim());
    return exported.filter((line) => !MAY_BE_EXPORTED.test(line)).map((line) => `${path}: ${line}`);
  });

describe('what a browser can call is a file of lib/actions', () => {
  test('in this project', () => expect(wrongServerFiles(SOURCES)).toEqual([]));

  test.each([
    ['lib/actions/a.ts', "'use server';\n\nexport async function a() {}", true],
    ['lib/actions/a.ts', '"use server"\nexport const a = async () => {};\nexport type A = 1;', true],
    ['lib/actions/a.ts', 'export async function a() {}', false],
    ['lib/actions/a.ts', "import 'x';\n'use server';\n", false],
    ['lib/actions/a.ts', "'use server';\nexport function a() {}", false],
    ['lib/actions/a.ts', "'use server';\nexport const LIMIT = 5;", false],
    ['lib/actions/a.ts', "'use server';\nexport * from './b.ts';", false],
    ['lib/actions/a.ts', "'use server';\nexport { a } from './b.ts';", false],
    ['lib/payments/a.ts', "'use server';\n", false],
    ['app/page.tsx', "async function a() {\n  'use server';\n}", false],
    ['app/page.tsx', 'const a = async () => { "use server"; };', false],
    ['app/page.tsx', "// 'use server' is for actions\n", true],
  ])('%s: %j', (path, source, right) =>
    expect(wrongServerFiles({ [path]: source }).length === 0).toBe(right),
  );
});

/** Where a pattern occurs, as `path: what`. */
const finds = (files: Files, ...patterns: RegExp[]): string[] =>
  Object.entries(files).flatMap(([path, source]) =>
    patterns
      .flatMap((pattern) => [...source.matchAll(new RegExp(pattern, `${pattern.flags}g`))])
      .map(([text]) => `${path}: ${text.trim()}`),
  );

const LOCKS = [
  /\bfor\s+(?:no\s+key\s+)?(?:update|share)\b(?=\s*(?:[`'";]|of\b|nowait\b|skip\b))/i,
  /\.(?:forUpdate|forShare|forNoKeyUpdate|forKeyShare|skipLocked|noWait)\(/,
  /\bpg_(?:try_)?advisory\w*/i,
  /\bpg_notify\b|\b(?:LISTEN|NOTIFY)\b|sql(?:\.raw\()?[`(]['"`]?\s*(?:un)?(?:listen|notify)\s/i,
  /\bnextval\b|\bcreate\s+sequence\b|'(?:big)?serial'|\b(?:big)?serial\s+primary\b|\bas\s+identity\b/i,
];

describe('D12: the store’s only locks are conditional statements, unique indexes, and rows in one order', () => {
  test('in this project', () => expect(finds(DECIDED, ...LOCKS)).toEqual(['lib/db/each.ts: .forUpdate(']));

  test.each([
    'sql`select * from orders for update`',
    'sql`select 1 FOR NO KEY UPDATE skip locked`',
    "db.selectFrom('orders').forUpdate().execute()",
    'sql`select pg_try_advisory_xact_lock(1)`',
    'sql`LISTEN orders`',
    'sql`listen orders`',
    "sql`select nextval('numbers')`",
    ".addColumn('id', 'bigserial')",
  ])('%s would be found', (source) => expect(finds({ a: source }, ...LOCKS)).toHaveLength(1));
});

const RAW_HTML = new RegExp(['dangerously', 'SetInnerHTML'].join(''));
const NOT_IN_THE_WEBVIEW = [
  /_blank\b/,
  /\bwindow\s*\.\s*open\b/,
  /['"`](?:tel|mailto|sms|intent|market):/,
  /\btype\s*[=:]\s*\{?\s*['"`]file['"`]/,
  /\bgetUserMedia\b|\bmediaDevices\b/,
  /<a\b[^>]*\sdownload\b|\bdownload=/,
  /\bhttps?:\/\/[^\s'"`]*/,
];

describe('pages hold nothing that Maya’s webview lacks', () => {
  test('in this project', () => expect(finds(DRAWN, ...NOT_IN_THE_WEBVIEW)).toEqual([]));

  test.each([
    '<a href="/x" target="_blank">',
    "window.open('/x')",
    '<a href="tel:+639170000000">',
    "const address = 'mailto:a@example.ph'",
    '<a href={`intent:x`}>',
    '<input type="file" />',
    "<input type={'file'} />",
    'navigator.getUserMedia()',
    '<a href="/x" download>',
    '<Link download="x" href="/x">',
    '<a href="https://example.ph">',
  ])('%s would be found', (source) => expect(finds({ a: source }, ...NOT_IN_THE_WEBVIEW)).toHaveLength(1));

  test('F2: nor raw HTML, anywhere', () => {
    const all = read(['app', 'components', 'lib', 'e2e', 'proxy.ts', 'instrumentation.ts'], /\.(tsx?|m?js)$/);
    expect(finds(all, RAW_HTML)).toEqual([]);
    expect(finds({ a: `<p ${RAW_HTML.source}={x} />` }, RAW_HTML)).toHaveLength(1);
  });
});

test('nothing speaks of the machine it was written on', () => {
  const places = new RegExp(`(?<![\\w.*\\]])/(?:${['home', 'root', 'work'].join('|')})/`);
  const all = read(
    ['app', 'components', 'lib', 'e2e', 'docs', 'README.md'],
    /\.(tsx?|m?js|json|css|html|md|svg|sh|ya?ml)$/,
  );
  expect(Object.keys(all).length).toBeGreaterThan(100);
  expect(finds(all, places)).toEqual([]);
  expect(finds({ a: ['', 'home', 'me', 'x.ts'].join('/') }, places)).toHaveLength(1);
});

type Locked = Record<'version' | 'integrity' | 'resolved', string | undefined> & {
  link?: boolean;
  inBundle?: boolean;
  optionalDependencies?: Record<string, string>;
};
const { '': _project, ...packages } = packageLock.packages as unknown as Record<string, Locked>;
const locked = Object.entries(packages);
const versionOf = (name: string) => locked.find(([path]) => path === `node_modules/${name}`)?.[1].version;

/** Whether `version` is at least `floor`; a version before a release is below it. */
function reaches(version: string, floor: string): boolean {
  const [numbers = '', before] = version.split('-');
  const [have, need] = [numbers, floor].map((text) => text.split('.').map(Number));
  const at = [0, 1, 2].find((index) => have?.[index] !== need?.[index]);
  return at === undefined ? before === undefined : (have?.[at] ?? 0) > (need?.[at] ?? 0);
}

describe('packages', () => {
  test.each(Object.entries(floors))('%s is installed in %s or newer', (name, floor) => {
    expect(reaches(versionOf(name) ?? '0.0.0', floor), `${name} ${versionOf(name)}`).toBe(true);
  });

  test.each([
    ['16.4.1', true],
    ['16.10.0', true],
    ['17.0.0-rc.1', true],
    ['16.4.0', false],
    ['16.4.1-canary.3', false],
    ['15.9.9', false],
  ])('%s is at least 16.4.1: %s', (version, expected) => expect(reaches(version, '16.4.1')).toBe(expected));

  test('are named in exact versions, which are the installed ones', () => {
    const named = { ...packageJson.dependencies, ...packageJson.devDependencies };
    for (const version of Object.values(named)) expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
    expect(named).toEqual(Object.fromEntries(Object.keys(named).map((name) => [name, versionOf(name)])));
  });

  test('are held by a hash each, from whatever registry the reader uses', () => {
    expect(locked.length).toBeGreaterThan(100);
    for (const [path, { integrity, resolved, link, inBundle }] of locked) {
      expect(link, path).toBeUndefined();
      expect(resolved, path).toBeUndefined();
      if (!inBundle) expect(integrity, path).toMatch(/^sha512-/);
    }
  });

  test('are locked for every platform, not only for the one that wrote the lock file', () => {
    const paths = new Set(locked.map(([path]) => path));
    /** Where Node looks for a package that one at `path` asks for. */
    const places = (path: string, name: string) =>
      [...`/${path}/`.matchAll(/\/node_modules\//g)]
        .map(({ index }) => `${path}/`.slice(0, index))
        .concat(`${path}/`)
        .map((place) => `${place}node_modules/${name}`);
    const missing = locked.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !places(path, name).some((place) => paths.has(place)))
        .map((name) => `${path} → ${name}`),
    );
    expect(missing).toEqual([]);
    expect([...paths].filter((path) => /win32|darwin/.test(path)).length).toBeGreaterThan(3);
  });
});
