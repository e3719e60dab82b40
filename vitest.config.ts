import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{protocol,electron,renderer,server-mock,scripts,bench}/**/*.test.{ts,tsx}'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // Style sheets read as text (?raw) are checked too: contrast, one shape a family.
    css: true,
    pool: 'forks',
    maxWorkers: 2,
  },
});
