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
const BELOW = ['protocol', 'renderer/commands', 'renderer/i18n', 'renderer/state', 'renderer/ui'];

export const FEATURES: readonly string[] = [
  'renderer/features/away',
  'renderer/features/connection',
  'renderer/features/contract',
  'renderer/features/feed',
  'renderer/features/overview',
  'renderer/features/palette',
  'renderer/features/settings',
  'renderer/features/sign-in',
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
      rooms: ['electron/account', 'electron/sync', 'electron/integration', 'protocol', 'server-mock'],
    },
  },
  // What its callers see, and its tests as a whole.
  'electron/ledger': {
    rooms: ['electron/stream/types.ts', 'protocol'],
    tests: {
      rooms: [
        'electron/integration',
        'electron/ledger/storage',
        'electron/ledger/storage/sqlite.ts',
        'electron/ledger/testing',
        'electron/ledger/worker',
        'electron/sync/pages.ts',
      ],
    },
  },
  // The one place that names what SQLite is taken from; beside it only its own test does.
  'electron/ledger/storage/sqlite.ts': { packages: ['@photostructure/sqlite'] },
  // Its rooms, from below.
  'electron/ledger/storage': {
    rooms: ['electron/ledger', 'electron/ledger/storage/sqlite.ts', 'electron/ports', 'protocol'],
    packages: ['node', 'valibot'],
    tests: {
      rooms: ['electron/integration', 'electron/ledger/testing'],
      packages: ['@photostructure/sqlite'],
    },
  },
  'electron/ledger/log': {
    rooms: ['electron/ledger', 'electron/ledger/storage', 'protocol'],
    tests: { rooms: ['electron/stream/types.ts', 'electron/ledger/testing'] },
  },
  'electron/ledger/gaps': {
    rooms: ['electron/ledger', 'electron/ledger/log', 'electron/ledger/storage', 'protocol'],
    tests: { rooms: ['electron/ledger/testing'] },
  },
  'electron/ledger/ingest': {
    rooms: [
      'electron/ledger',
      'electron/ledger/gaps',
      'electron/ledger/log',
      'electron/ledger/storage',
      'electron/stream/types.ts',
      'protocol',
    ],
    packages: ['node', 'valibot'],
    tests: { rooms: ['electron/ledger/testing'] },
  },
  'electron/ledger/read-model': {
    rooms: ['electron/ledger', 'electron/ledger/log', 'electron/ledger/storage', 'protocol'],
    packages: ['node', 'valibot'],
    tests: {
      rooms: [
        'electron/integration',
        'electron/ledger/testing',
        'electron/ledger/worker',
        'electron/stream/types.ts',
      ],
    },
  },
  'electron/ledger/actions': {
    rooms: ['electron/ledger', 'electron/ledger/log', 'electron/ledger/storage', 'protocol'],
    packages: ['node', 'valibot'],
    tests: { rooms: ['electron/ledger/testing'] },
  },
  'electron/ledger/worker': {
    rooms: [
      'electron/ledger',
      'electron/ledger/actions',
      'electron/ledger/gaps',
      'electron/ledger/ingest',
      'electron/ledger/log',
      'electron/ledger/read-model',
      'electron/ledger/storage',
      'electron/ports',
      'electron/stream/types.ts',
      'protocol',
    ],
    packages: ['node'],
    tests: { rooms: ['electron/ledger/testing'] },
  },
  'electron/ledger/testing': {
    rooms: [
      'electron/ledger',
      'electron/ledger/storage',
      'electron/ledger/storage/sqlite.ts',
      'electron/ledger/worker',
      'electron/stream/types.ts',
      'protocol',
    ],
    packages: ['vite'],
  },
  // The types of the core's world.
  'electron/app/core-types.ts': {
    rooms: ['electron/ledger', 'electron/ports', 'electron/stream', 'protocol'],
  },
  'electron/sync': {
    rooms: ['electron/app/core-types.ts', 'electron/ledger', 'electron/ports', 'electron/stream', 'protocol'],
    packages: ['node', 'valibot'],
    tests: { rooms: ['electron/ledger/testing', 'electron/ledger/worker'] },
  },
  'electron/account': {
    rooms: ['electron/sync', 'electron/ledger', 'electron/ports', 'electron/stream', 'protocol'],
    packages: ['node', 'openid-client', 'valibot'],
    tests: { rooms: ['server-mock'] },
  },
  'electron/actions': { rooms: ['electron/sync', 'electron/ledger', 'electron/ports', 'protocol'] },
  'electron/export': {
    rooms: ['electron/app/core-types.ts', 'electron/ledger', 'protocol'],
    packages: ['csv-stringify'],
  },
  'electron/feed': {
    rooms: ['electron/ledger', 'electron/ports', 'protocol'],
    packages: ['node'],
    tests: { rooms: ['electron/stream'] },
  },
  'electron/notifications': {
    rooms: ['electron/app/core-types.ts', 'electron/ledger', 'electron/ports', 'protocol'],
    tests: { rooms: ['electron/stream'] },
  },
  'electron/settings': {
    rooms: ['electron/ledger', 'electron/ports', 'protocol'],
    packages: ['node', 'valibot'],
  },
  // The core, put together without Electron.
  'electron/app': {
    rooms: [
      'electron/account',
      'electron/app/core-types.ts',
      'electron/actions',
      'electron/check-server',
      'electron/export',
      'electron/feed',
      'electron/sync',
      'electron/ledger',
      'electron/ledger/worker',
      'electron/notifications',
      'electron/ports',
      'electron/settings',
      'protocol',
    ],
    packages: ['node'],
  },
  // What `npm run check-server` does, by the ways of the product.
  'electron/check-server': {
    rooms: ['electron/account', 'electron/ports', 'electron/stream', 'electron/sync', 'protocol'],
    tests: { rooms: ['electron/stream/testing.ts', 'server-mock'] },
  },
  // Everything that imports Electron.
  'electron/shell': {
    rooms: ['electron/app/core-types.ts', 'electron/ports', 'protocol'],
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
      'electron/app/core-types.ts',
      'electron/check-server',
      'electron/ledger',
      'electron/ledger/storage',
      'electron/ledger/storage/sqlite.ts',
      'electron/ledger/testing',
      'electron/ledger/worker',
      'electron/notifications',
      'electron/ports',
      'electron/settings',
      'electron/shell',
      'electron/stream',
      'protocol',
      'renderer/features/connection/*-words.ts',
      'renderer/i18n',
      'renderer/state/standing.ts',
      'scripts',
      'server-mock',
    ],
    packages: ['node', 'i18next', 'vitest', 'fast-check', 'oidc-provider'],
  },

  'server-mock': {
    rooms: ['protocol'],
    packages: ['node', 'fastify', '@fastify/cookie', '@fastify/cors', 'jose', 'selfsigned', 'valibot'],
  },

  // The window, from below. It has neither Node nor Electron.
  'renderer/i18n': {
    // Of the stores, the facts on which a sentence depends.
    rooms: ['protocol', 'renderer/state/standing.ts'],
    packages: ['i18next', 'react-i18next', 'react'],
    tests: { rooms: ['renderer/testing'] },
  },
  'renderer/ui': { rooms: ['protocol', 'renderer/i18n'], packages: WINDOW },
  'renderer/state': {
    rooms: ['protocol'],
    packages: ['react', 'zustand', 'valibot'],
    tests: { rooms: ['renderer/testing'] },
  },
  'renderer/commands': {
    rooms: ['protocol', 'renderer/i18n', 'renderer/state', 'renderer/ui'],
    packages: WINDOW,
    tests: { rooms: ['renderer/testing'] },
  },
  // Features, beside each other: none imports another. What several need lies below; the frame above puts them together.
  'renderer/features/connection': feature('i18next'),
  'renderer/features/away': feature(),
  'renderer/features/overview': {
    ...feature('@visx/axis', '@visx/scale', '@visx/shape'),
    tests: { rooms: ['renderer/testing'], packages: ['valibot'] },
  },
  'renderer/features/palette': feature(),
  'renderer/features/server-check': feature('i18next'),
  'renderer/features/feed': feature('@tanstack/react-virtual'),
  'renderer/features/contract': feature(),
  'renderer/features/settings': feature(),
  'renderer/features/sign-in': feature(),
  'renderer/frame': { ...feature(), rooms: [...BELOW, ...FEATURES] },
  'renderer/app': {
    rooms: [
      'protocol',
      'renderer/frame',
      'renderer/i18n',
      'renderer/features/server-check',
      'renderer/features/sign-in',
      'renderer/state',
      'renderer/ui',
    ],
    packages: [...WINDOW, 'react-dom'],
  },
  'renderer/testing': {
    rooms: ['protocol', 'renderer/app', 'renderer/i18n', 'renderer/state'],
    packages: [
      '@base-ui/react',
      '@testing-library/react',
      '@testing-library/user-event',
      'react',
      'react-i18next',
      'vitest',
    ],
  },

  // To copy from: they stand on nothing of ours.
  backends: { packages: ['node'] },

  scripts: {
    rooms: ['electron/check-server', 'electron/ports', 'protocol'],
    packages: ['node', 'vite'],
    tests: { rooms: ['server-mock'] },
  },
  e2e: {
    rooms: [
      'electron/app',
      'electron/app/core-types.ts',
      'electron/integration/dependencies.ts',
      'electron/integration/oidc/*.ts',
      'electron/ports',
      'electron/shell',
      'electron/stream',
      'protocol',
      'scripts',
      'server-mock',
    ],
    packages: ['node', 'electron', 'playwright', 'vite', 'axe-core', '@electron/fuses', 'selfsigned'],
  },
  bench: {
    rooms: [
      'electron/app',
      'electron/app/core-types.ts',
      'electron/sync',
      'electron/ledger',
      'electron/ledger/storage',
      'electron/ledger/storage/sqlite.ts',
      'electron/ledger/testing',
      'electron/ledger/worker',
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

/** Folders whose folders are rooms of their own. */
const NESTED = new Set(['electron/ledger', 'renderer/features']);

/** The room a file of the repository lies in; its path is relative to the root, with `/`. */
export function roomOf(path: string): string {
  if (path in ROOMS) return path;
  const [top = '', second = '', ...rest] = path.split('/');
  if (top !== 'electron' && top !== 'renderer') return top;
  if (rest.length === 0) return `${top}/app`;
  const folder = `${top}/${second}`;
  return NESTED.has(folder) && rest.length > 1 ? `${folder}/${rest[0]}` : folder;
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
