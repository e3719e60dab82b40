import { availableParallelism } from 'node:os';
import { defineConfig } from 'playwright/test';

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../test-results',
  // Each test has its own app, server and data folder. Where each worker has its own display too, windows do not take each other's
  // focus. More of them than processors: half of the time is waiting, for seconds that a person is given and for the network.
  workers: process.platform === 'linux' ? Math.min(8, 2 * availableParallelism()) : 1,
  // By test, not by file: no long file is left over at the end.
  fullyParallel: true,
  // What the tests below the window prove already, once more in the real app.
  ...(process.env['NIGHTLY'] === '1' ? {} : { grepInvert: /@nightly/ }),
  retries: 0,
  forbidOnly: true,
  // When to give up, not how long it may take: a machine that is ten times slower for a while is no failure.
  timeout: 300_000,
  expect: { timeout: 60_000 },
  // An app that does not even start need not fail every test, each after its own long wait.
  maxFailures: 20,
  reporter: 'list',
});
