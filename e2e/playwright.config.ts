import { availableParallelism } from 'node:os';
import { defineConfig } from 'playwright/test';
import type { Engine } from './fixtures/machine.ts';

/** E2E_ENGINE=chromium: those tests that need nothing of Electron, in Debian's Chromium (fixtures/engine.ts). */
const engine: Engine = process.env['E2E_ENGINE'] === 'chromium' ? 'chromium' : 'electron';

/** What needs nothing of Electron, but for single tests, which are tagged @electron. */
const ENGINE_SPECS = [
  'a-day-without-a-mouse',
  'acknowledge',
  'acknowledge-many',
  'ask-for-anything',
  'axe',
  'filter-and-sort',
  'find-a-contract',
  'go-back-to-a-backup',
  'keep-a-view',
  'listen-to-the-list',
  'look-at-the-figures',
  'make-it-yours',
  'read-a-contract',
  'read-a-row',
  'read-and-unread',
  'read-the-feed',
  'select-many',
  'sign-in',
  'snooze',
  'take-a-copy',
];

export default defineConfig<object, { engine: Engine }>({
  use: { engine },
  testDir: '.',
  testMatch: engine === 'chromium' ? ENGINE_SPECS.map((name) => `${name}.spec.ts`) : '**/*.spec.ts',
  outputDir: '../test-results',
  // Each test has its own app, server and data folder. Where each worker has its own display too, windows do not take each other's
  // focus. More of them than processors: half of the time is waiting, for seconds that a person is given and for the network.
  workers: process.platform === 'linux' ? Math.min(8, 2 * availableParallelism()) : 1,
  // By test, not by file: no long file is left over at the end.
  fullyParallel: true,
  // What the tests below the window prove already, once more in the real app.
  grepInvert: [
    ...(process.env['NIGHTLY'] === '1' ? [] : [/@nightly/]),
    ...(engine === 'chromium' ? [/@electron/] : []),
  ],
  retries: 0,
  forbidOnly: true,
  // When to give up, not how long it may take: a machine that is ten times slower for a while is no failure.
  timeout: 300_000,
  expect: { timeout: 60_000 },
  // An app that does not even start need not fail every test, each after its own long wait.
  maxFailures: 20,
  reporter: 'list',
});
