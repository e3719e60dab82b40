import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseSync } from 'vite';
import { expect, test } from 'vitest';
import { ROOT } from './build.ts';
import { FEATURES, findCircles, forbid, isNamedBy, isTest, roomOf, ROOMS, type Import } from './rooms.ts';

/** Programs of their own beside the source, with packages of their own. */
const OUTSIDE = /^[^/]+$|^electron\/integration\/third-party\/servers\/|^scripts\/electron-default-app\//;

/** Made by tools, or not ours. */
const MADE = new Set(['node_modules', 'out', 'release', 'test-results', '.git', '.tsbuild']);

const sourceFiles = (): readonly string[] =>
  globSync('**/*.{ts,tsx,mts,js,mjs,cjs}', { cwd: ROOT, exclude: (name) => MADE.has(posix.basename(name)) })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !OUTSIDE.test(path));

/** What a file names in import, export … from, and import(): types as well. */
function specifiersOf(path: string, text: string): readonly string[] {
  const { module, errors } = parseSync(path, text);
  expect(errors, path).toEqual([]);
  const dynamic = module.dynamicImports.map(({ moduleRequest: { start, end } }) => text.slice(start, end));
  return [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => (moduleRequest ? [moduleRequest.value] : [])),
    ),
    ...dynamic.filter((name) => /^(['"]).*\1$/.test(name)).map((name) => name.slice(1, -1)),
  ];
}

function toImport(from: string, specifier: string): Import {
  const name = specifier.replace(/\?.*$/, '');
  if (name.startsWith('.')) return { from, to: posix.join(posix.dirname(from), name), isPackage: false };
  const parts = name.split('/').slice(0, name.startsWith('@') ? 2 : 1);
  return { from, to: name.startsWith('node:') ? 'node' : parts.join('/'), isPackage: true };
}

const files = sourceFiles();
const imports = files.flatMap((path) => {
  const found = specifiersOf(path, readFileSync(join(ROOT, path), 'utf8'));
  return [...new Set(found)].map((specifier) => toImport(path, specifier));
});

test('every import is one that scripts/rooms.ts allows', () => {
  expect(imports.length).toBeGreaterThan(1000);
  expect(imports.flatMap((each) => forbid(each) ?? [])).toEqual([]);
});

test('no files import each other in a circle, not even for a type', () => {
  expect(findCircles(imports)).toEqual([]);
});

test('the table holds nothing that no file makes use of', () => {
  const isUsed = (name: string, entry: string, byTests: boolean): boolean =>
    imports.some(
      ({ from, to, isPackage }) =>
        roomOf(from) === name &&
        (!byTests || isTest(from)) &&
        (to === entry || (!isPackage && (roomOf(to) === entry || isNamedBy(entry, to)))),
    );
  const idle = Object.entries(ROOMS).flatMap(([name, { rooms = [], tests = {} }]) => [
    ...rooms.filter((entry) => !isUsed(name, entry, false)).map((entry) => `${name}: ${entry}`),
    ...[...(tests.rooms ?? []), ...(tests.packages ?? [])]
      .filter((entry) => !isUsed(name, entry, true))
      .map((entry) => `${name}, tests: ${entry}`),
  ]);
  // What every feature of the window may is not made use of by each of them.
  const shared = /^renderer\/.*: (protocol|renderer\/(commands|i18n|stores|ui|testing))$/;
  expect(idle.filter((line) => !shared.test(line))).toEqual([]);
});

test('rooms lie one above the other: no circle leads through several of them, single files or not', () => {
  const edges = Object.entries(ROOMS).flatMap(([from, { rooms = [] }]) =>
    rooms.map((entry) => ({ from, to: roomOf(entry), isPackage: false })),
  );
  expect(findCircles(edges)).toEqual([]);
});

test('the features of the window stand beside each other: none may import another, nor what is above', () => {
  const above = [...FEATURES, 'renderer/frame', 'renderer/app'];
  for (const name of FEATURES) {
    const { rooms = [], tests = {} } = ROOMS[name] ?? {};
    const reached = [...rooms, ...(tests.rooms ?? [])].map(roomOf);
    expect(
      reached.filter((room) => above.includes(room)),
      name,
    ).toEqual([]);
  }
});

const DOOR: readonly (readonly [string, string, boolean])[] = [
  ['protocol/event.ts', 'node', true],
  ['protocol/event.ts', 'electron/ledger/types.ts', false],
  ['renderer/features/feed/feed.tsx', 'electron', true],
  ['renderer/features/feed/feed.tsx', 'node', true],
  ['renderer/features/feed/feed.tsx', 'electron/ledger/types.ts', false],
  ['renderer/ui/button.tsx', 'renderer/features/feed/feed.tsx', false],
  ['renderer/ui/button.tsx', 'renderer/state/context.ts', false],
  ['renderer/i18n/words.ts', 'renderer/state/stores.ts', false],
  ['renderer/features/palette/palette.tsx', 'renderer/features/feed/feed.tsx', false],
  ['renderer/features/settings/settings-dialog.tsx', 'renderer/frame/leave-dialog.tsx', false],
  ['renderer/state/feed-store.ts', 'renderer/testing/fixtures.ts', false],
  ['electron/stream/parser.ts', 'electron/ledger/types.ts', false],
  ['electron/stream/parser.ts', 'server-mock/server.ts', false],
  ['electron/ledger/worker/core.ts', 'electron/app/core.ts', false],
  ['electron/ledger/worker/core.ts', 'electron', true],
  ['electron/app/core.ts', 'electron/shell/window.ts', false],
  ['electron/app/core.ts', 'vitest', true],
  ['electron/shell/window.ts', 'renderer/main.tsx', false],
  ['server-mock/server.ts', 'electron/app/core.ts', false],
  ['electron/ledger/worker/core.ts', 'electron/stream/parser.ts', false],
  ['electron/stream/parser.ts', 'protocol/statuses.ts', false],
  ['electron/integration/said.ts', 'renderer/features/connection/connection.tsx', false],
  ['electron/integration/said.ts', 'renderer/state/feed-store.ts', false],
  ['new-folder/file.ts', 'protocol/event.ts', false],
];

test.each(DOOR)('%s may not import %s', (from, to, isPackage) => {
  expect(forbid({ from, to, isPackage })).not.toBeNull();
});

test('a circle is found, whatever leads into it', () => {
  const edge = (from: string, to: string): Import => ({ from, to, isPackage: false });
  expect(findCircles([edge('a', 'b'), edge('b', 'c'), edge('c', 'd'), edge('d', 'b')])).toEqual([
    ['b', 'c', 'd'],
  ]);
  expect(findCircles([edge('a', 'b'), edge('a', 'c'), edge('b', 'd'), edge('c', 'd')])).toEqual([]);
});
