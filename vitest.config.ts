import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{protocol,electron,renderer,server-mock,scripts,bench}/**/*.test.{ts,tsx}'],
    // When to give up, not how long it may take: a machine that is ten times slower for a while is no failure.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    // Style sheets read as text (?raw) are checked too: contrast, one shape a family.
    css: true,
    pool: 'forks',
    maxWorkers: 2,
  },
});
