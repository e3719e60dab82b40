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
    // Node strips types by WebAssembly, in each of the ledger's threads anew. V8 13.6 compiles its calls out of it anew after
    // 1000 of them, and where many threads of one process do that it dies now and then ("Worker exited unexpectedly", SIGTRAP
    // or SIGSEGV; V8_Fatal in WasmImportWrapperCache::Free). The app's own thread is built: it has no WebAssembly.
    execArgv: ['--wasm-wrapper-tiering-budget=2000000000'],
    maxWorkers: 2,
  },
});
