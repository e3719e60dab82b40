import { defineConfig } from 'playwright/test';

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../test-results',
  // Each test has its own app, server and data folder. Where each worker has its own display too, windows do not take each other's focus.
  workers: process.platform === 'linux' ? 2 : 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  // When to give up, not how long it may take: a machine that is ten times slower for a while is no failure.
  timeout: 300_000,
  expect: { timeout: 60_000 },
  // An app that does not even start need not fail every test, each after its own long wait.
  maxFailures: 20,
  reporter: 'list',
});
