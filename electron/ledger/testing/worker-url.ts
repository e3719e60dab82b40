import { pathToFileURL } from 'node:url';

/** The environment variable with the path of the ledger's thread as build-worker.ts built it. */
export const BUILT_WORKER = 'CONTRACT_PULSE_LEDGER_WORKER';

const built = process.env[BUILT_WORKER];

/** The module of the ledger's thread: built once for a run of the tests, its source where nothing built it. */
export const WORKER_URL =
  built === undefined ? new URL('../worker/worker.ts', import.meta.url) : pathToFileURL(built);
