import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';
import { BUILT_WORKER } from './worker-url.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Of this run alone: another one beside it builds its own. Within the repository, where its packages are found. */
const FOLDER = at(`../../../out/test-${process.pid}`);

async function buildWorker(): Promise<void> {
  await build({
    configFile: false,
    root: at('../../..'),
    logLevel: 'warn',
    ssr: { external: true },
    build: {
      ssr: at('../worker/worker.ts'),
      outDir: FOLDER,
      target: 'node20',
      minify: false,
      rolldownOptions: { output: { entryFileNames: 'ledger-worker.js' } },
    },
  });
}

/**
 * Once for a run of the tests. The threads of the ledger would otherwise strip types by WebAssembly, each anew: a second each on a
 * slow machine, and V8 13.6 dies now and then where many threads of one process compile WebAssembly (WasmImportWrapperCache::Free).
 */
export async function setup(project: TestProject): Promise<void> {
  await buildWorker();
  project.onTestsRerun(buildWorker);
  process.env[BUILT_WORKER] = `${FOLDER}/ledger-worker.js`;
}

export const teardown = (): Promise<void> => rm(FOLDER, { recursive: true, force: true });
