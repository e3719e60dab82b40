/**
 * Who may import whom, type-only imports included. What is not allowed here is forbidden; rooms.test.ts checks it, and that
 * no files import each other in a circle.
 *
 * A room is the folder of its name; `electron/app` is the files that lie in `electron/` itself.
 */
export interface Room {
  /** Other rooms, or single files of them (`*`: any part of a name). A room may always import from itself. */
  readonly rooms?: readonly string[];
  /** Packages; `node` is every module of Node. */
  readonly packages?: readonly string[];
  /** What its tests may import besides: *.test.ts, testing.ts, testing/. Vitest, fast-check and Node they always may. */
  readonly tests?: { readonly rooms?: readonly string[]; readonly packages?: readonly string[] };
}

const WINDOW = ['react', 'react-i18next', 'i18next', 'zustand', 'lucide-react', '@base-ui/react'];

/** What every feature of the window stands on. */
const BELOW = ['protocol', 'renderer/commands', 'renderer/i18n', 'renderer/stores', 'renderer/ui'];

export const FEATURES: readonly string[] = [
  'renderer/away',
  'renderer/connection',
  'renderer/contract',
  'renderer/feed',
  'renderer/overview',
  'renderer/palette',
  'renderer/settings',
  'renderer/sign-in',
];

export const ROOMS: Readonly<Record<string, Room>> = {
  // What the programs agree on.
  protocol: { packages: ['valibot'] },

  // What the app takes by argument.
  'electron/ports': { packages: ['node'], tests: { packages: ['selfsigned'] } },
  // Knows no contracts.
  'electron/stream': {
    rooms: ['electron/ports', 'protocol/connection.ts'],
    packages: ['node'],
    tests: {
      rooms: ['electron/account', 'electron/intake', 'electron/integration', 'protocol', 'server-mock'],
    },
  },
  'electron/ledger': {
    rooms: ['electron/ports', 'electron/stream/types.ts', 'protocol'],
    packages: ['node', 'valibot', '@photostructure/sqlite'],
    tests: { rooms: ['electron/intake', 'electron/integration'], packages: ['vite'] },
  },
  // The types of the core's world.
  'electron/core-types.ts': { rooms: ['electron/ledger', 'electron/ports', 'electron/stream', 'protocol'] },
  'electron/intake': {
    rooms: ['electron/core-types.ts', 'electron/ledger', 'electron/ports', 'electron/stream', 'protocol'],
    packages: ['node', 'valibot'],
  },
  'electron/account': {
    rooms: ['electron/intake', 'electron/ledger', 'electron/ports', 'electron/stream', 'protocol'],
    packages: ['valibot'],
    tests: { rooms: ['server-mock'] },
  },
  'electron/actions': { rooms: ['electron/intake', 'electron/ledger', 'electron/ports', 'protocol'] },
  'electron/export': {
    rooms: ['electron/core-types.ts', 'electron/ledger', 'protocol'],
    packages: ['csv-stringify'],
  },
  'electron/feed': {
    rooms: ['electron/ledger', 'electron/ports', 'protocol'],
    tests: { rooms: ['electron/stream'] },
  },
  'electron/notify': { rooms: ['electron/core-types.ts', 'electron/ledger', 'electron/ports', 'protocol'] },
  'electron/settings': {
    rooms: ['electron/ledger', 'electron/ports', 'protocol'],
    packages: ['node', 'valibot'],
  },
  // The core, put together without Electron.
  'electron/app': {
    rooms: [
      'electron/account',
      'electron/core-types.ts',
      'electron/actions',
      'electron/export',
      'electron/feed',
      'electron/intake',
      'electron/ledger',
      'electron/notify',
      'electron/ports',
      'electron/settings',
      'protocol',
    ],
    packages: ['node'],
  },
  // Everything that imports Electron.
  'electron/shell': {
    rooms: ['electron/core-types.ts', 'electron/ports', 'protocol'],
    packages: ['electron', 'node'],
    tests: { rooms: ['electron/ledger'] },
  },
  'electron/main.ts': {
    rooms: ['electron/app', 'electron/ports', 'electron/settings', 'electron/shell'],
    packages: ['electron'],
  },
  'electron/preload.ts': { rooms: ['protocol'], packages: ['electron'] },
  // Tests of the whole core. Of the window they read the words, as a person does.
  'electron/integration': {
    rooms: [
      'electron/account',
      'electron/app',
      'electron/core-types.ts',
      'electron/ledger',
      'electron/notify',
      'electron/ports',
      'electron/settings',
      'electron/shell',
      'electron/stream',
      'protocol',
      'renderer/connection/*-words.ts',
      'renderer/i18n',
      'renderer/stores/standing.ts',
      'scripts',
      'server-mock',
    ],
    packages: ['node', 'i18next', '@photostructure/sqlite', 'vitest', 'fast-check'],
  },

  'server-mock': {
    rooms: ['protocol'],
    packages: ['node', 'fastify', '@fastify/cookie', '@fastify/cors', 'jose', 'selfsigned', 'valibot'],
  },

  // The window, from below. It has neither Node nor Electron.
  'renderer/i18n': {
    // Of the stores, the facts on which a sentence depends.
    rooms: ['protocol', 'renderer/stores/standing.ts'],
    packages: ['i18next', 'react-i18next', 'react'],
    tests: { rooms: ['renderer/testing'] },
  },
  'renderer/ui': { rooms: ['protocol', 'renderer/i18n'], packages: WINDOW },
  'renderer/stores': {
    rooms: ['protocol'],
    packages: ['react', 'zustand', 'valibot'],
    tests: { rooms: ['renderer/testing'] },
  },
  'renderer/commands': {
    rooms: ['protocol', 'renderer/i18n', 'renderer/stores', 'renderer/ui'],
    packages: WINDOW,
    tests: { rooms: ['renderer/testing'] },
  },
  // Features, beside each other: none imports another. What several need lies below; the frame above puts them together.
  'renderer/connection': feature('i18next'),
  'renderer/away': feature(),
  'renderer/overview': {
    ...feature('@visx/axis', '@visx/scale', '@visx/shape'),
    tests: { rooms: ['renderer/testing'], packages: ['valibot'] },
  },
  'renderer/palette': feature(),
  'renderer/feed': feature('@tanstack/react-virtual'),
  'renderer/contract': feature(),
  'renderer/settings': feature(),
  'renderer/sign-in': feature(),
  'renderer/frame': { ...feature(), rooms: [...BELOW, ...FEATURES] },
  'renderer/app': {
    rooms: [
      'protocol',
      'renderer/frame',
      'renderer/i18n',
      'renderer/sign-in',
      'renderer/stores',
      'renderer/ui',
    ],
    packages: [...WINDOW, 'react-dom'],
  },
  'renderer/testing': {
    rooms: ['protocol', 'renderer/app', 'renderer/i18n', 'renderer/stores'],
    packages: ['vitest'],
  },

  scripts: { packages: ['node', 'vite'] },
  e2e: {
    rooms: ['electron/ports', 'electron/shell', 'electron/stream', 'protocol', 'scripts', 'server-mock'],
    packages: ['node', 'electron', 'playwright', 'vite', 'axe-core', '@electron/fuses', 'selfsigned'],
  },
  bench: {
    rooms: [
      'electron/app',
      'electron/core-types.ts',
      'electron/intake',
      'electron/ledger',
      'electron/ports',
      'electron/integration',
      'electron/shell',
      'electron/stream',
      'protocol',
      'scripts',
      'server-mock',
    ],
    packages: [
      'node',
      'electron',
      'vite',
      '@vitejs/plugin-react',
      'prettier',
      'react-dom',
      'zustand',
      '@photostructure/sqlite',
      '@microsoft/fetch-event-source',
      'eventsource',
      'eventsource-parser',
      'launchdarkly-eventsource',
      'undici',
    ],
  },
};

function feature(...packages: readonly string[]): Room {
  return {
    rooms: BELOW,
    packages: [...WINDOW, ...packages],
    tests: { rooms: ['renderer/testing'] },
  };
}

/** The room a file of the repository lies in; its path is relative to the root, with `/`. */
export function roomOf(path: string): string {
  if (path in ROOMS) return path;
  const [top = '', second = '', ...rest] = path.split('/');
  if (top !== 'electron' && top !== 'renderer') return top;
  return rest.length > 0 ? `${top}/${second}` : `${top}/app`;
}

/** Whether an entry of the table means this file. */
export function isNamedBy(entry: string, path: string): boolean {
  const [before = '', after] = entry.split('*');
  if (after === undefined) return entry === path;
  return path.startsWith(before) && path.endsWith(after) && !path.slice(before.length).includes('/');
}

export const isTest = (path: string): boolean =>
  /\.test\.tsx?$|(^|\/)testing(\.ts$|\/)/.test(path) || /^(e2e|bench)\//.test(path);

export interface Import {
  readonly from: string;
  /** A file's path from the root, or a package's name. */
  readonly to: string;
  readonly isPackage: boolean;
}

/** Why this import is forbidden, or null. */
export function forbid({ from, to, isPackage }: Import): string | null {
  const name = roomOf(from);
  const room = ROOMS[name];
  if (room === undefined) return `${from}: no room of scripts/rooms.ts`;
  const tests = isTest(from) ? (room.tests ?? {}) : {};
  if (isPackage) {
    const always = isTest(from) ? ['node', 'vitest', 'fast-check'] : [];
    const allowed = [...(room.packages ?? []), ...(tests.packages ?? []), ...always];
    return allowed.includes(to) ? null : `${from}: ${name} may not import the package ${to}`;
  }
  const target = roomOf(to);
  const allowed = [name, ...(room.rooms ?? []), ...(tests.rooms ?? [])];
  return allowed.some((entry) => entry === target || isNamedBy(entry, to))
    ? null
    : `${from}: ${name} may not import ${target} (${to})`;
}

/** Files that import each other, each circle once. */
export function findCircles(imports: readonly Import[]): readonly (readonly string[])[] {
  const targets = new Map<string, string[]>();
  for (const { from, to, isPackage } of imports)
    if (!isPackage) targets.set(from, [...(targets.get(from) ?? []), to]);
  const circles: string[][] = [];
  const done = new Set<string>();
  const path: string[] = [];
  function visit(file: string): void {
    const at = path.indexOf(file);
    if (at >= 0) circles.push(path.slice(at));
    if (at >= 0 || done.has(file)) return;
    path.push(file);
    for (const target of targets.get(file) ?? []) visit(target);
    path.pop();
    done.add(file);
  }
  for (const file of targets.keys()) visit(file);
  return circles;
}
