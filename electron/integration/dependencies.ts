import { join } from 'node:path';
import type { CoreDependencies } from '../app/core-types.ts';
import { WORKER_URL } from '../ledger/testing/worker-url.ts';
import { systemClock } from '../ports/clock.ts';
import { silentLog } from '../ports/log.ts';
import { createNodeHttp } from '../ports/node-http.ts';
import { createFileVault } from './file-vault.ts';

/** Delays short enough for tests; the rules stay the same. */
const FAST: Partial<CoreDependencies> = {
  limits: {
    retryMs: 20,
    minRetryMs: 10,
    maxRetryMs: 100,
    healthyMs: 200,
    headersMs: 1_500,
    firstByteMs: 1_500,
    idleMs: 3_000,
  },
  repairDelays: { first: 60, most: 500 },
  outboxDelays: { first: 40, most: 400 },
  undoMs: 60,
};

/** The same, with delays that a test need not wait for. */
export const createTestDependencies = (
  folder: string,
  given: Partial<CoreDependencies> = {},
): CoreDependencies => createNodeDependencies(folder, { ...FAST, ...given });

/** A world of plain Node on real files in `folder`; nothing is shown anywhere unless `given` says so. */
export function createNodeDependencies(folder: string, given: Partial<CoreDependencies>): CoreDependencies {
  return {
    createHttp: () => createNodeHttp(),
    vault: createFileVault(join(folder, 'vault')),
    clock: systemClock,
    random: Math.random,
    log: silentLog,
    ledgerPath: join(folder, 'ledger.sqlite'),
    settingsPath: join(folder, 'settings.json'),
    workerUrl: WORKER_URL,
    appVersion: '0.0.0-test',
    platform: process.platform,
    systemLocale: 'en',
    suggestedServer: '',
    send: () => {},
    showToast: () => {},
    showBadge: () => {},
    withdrawToasts: () => {},
    testNotification: async () => 'shown',
    notificationsRefused: () => false,
    isInFront: () => false,
    isOnline: () => true,
    copyText: async () => {},
    restart: () => {},
    applySettings: () => {},
    openExternal: async () => {},
    saveFile: async () => null,
    saveCopy: async () => null,
    chooseFile: async () => null,
    lookUp: async () => [],
    confirm: async () => true,
    eraseTraces: async () => {},
    describeMachine: () => ['a test'],
    ...given,
  };
}
