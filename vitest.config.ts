import { configDefaults, defineConfig } from 'vitest/config';

/** Proofs that take minutes or need more of the machine: `npm run test:nightly` sets NIGHTLY=1. */
const isNightly = process.env['NIGHTLY'] === '1';

export default defineConfig({
  test: {
    include: ['{protocol,electron,renderer,server-mock,scripts,bench}/**/*.test.{ts,tsx}'],
    exclude: [...configDefaults.exclude, ...(isNightly ? [] : ['**/*.nightly.test.ts'])],
    // When to give up, not how long it may take: a machine that is ten times slower for a while is no failure.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    // Style sheets read as text (?raw) are checked too: contrast, one shape a family.
    css: true,
    pool: 'forks',
    globalSetup: ['electron/ledger/testing/build-worker.ts'],
    maxWorkers: 2,
  },
});
