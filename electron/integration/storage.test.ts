import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { DatabaseSync } from '../ledger/storage/sqlite.ts';
import { afterEach, expect, test } from 'vitest';
import { openLedger } from '../ledger/worker/open-ledger.ts';
import { endThreads } from '../ledger/testing/end-channel.ts';
import { LedgerError } from '../ledger/types.ts';
import type { Ledger, LedgerOptions } from '../ledger/types.ts';
import { createCore } from '../app/core.ts';
import type { Core } from '../app/core-types.ts';
import { ALL, until } from './harness.ts';
import { createScenario, describe } from './scenario.ts';
import type { Scenario, ScenarioOptions } from './scenario.ts';

let scenario: Scenario | null = null;
let other: Core | null = null;

afterEach(async () => {
  await other?.close();
  await scenario?.close();
  scenario = other = null;
});

const PAGE = { offset: 0, limit: 50 };

async function begin(options?: ScenarioOptions): Promise<Scenario> {
  scenario = await createScenario(options);
  await scenario.harness.signIn(scenario.server.url);
  await scenario.live();
  scenario.server.control.advance(5, scenario.userId);
  await scenario.complete();
  return scenario;
}

/** The real ledger on a disk that can be declared full: writes then fail as SQLITE_FULL would, and change nothing. */
function createFullDisk() {
  const disk = { full: false };
  async function open(options: LedgerOptions): Promise<Ledger> {
    const ledger = await openLedger(options);
    return {
      ...ledger,
      account: (...args) => (disk.full ? refuse() : ledger.account(...args)),
      append: (...args) => (disk.full ? refuse() : ledger.append(...args)),
    };
  }
  const refuse = () => Promise.reject(new LedgerError('disk_full', 'database or disk is full'));
  return { disk, open };
}

test('a full disk is told, the stream waits, and nothing is missing once there is room', async () => {
  const { disk, open } = createFullDisk();
  const { harness, server, userId, ...made } = await begin({ deps: { openLedger: open } });
  disk.full = true;
  server.control.advance(10, userId);
  await until(() => harness.window.storage()?.code === 'disk_full', 'the full disk told');
  await until(
    () => harness.phase() === 'waiting',
    () => `waiting, but ${describe(harness)}`,
  );
  await expect(harness.core.handle('storage:startFresh', undefined)).rejects.toMatchObject({
    failure: { code: 'historyFull' },
  });
  const opened = await harness.core.handle('view:open', { filter: ALL, range: PAGE });
  expect(opened.total).toBeGreaterThan(0);
  disk.full = false;
  await made.complete();
  expect(harness.window.storage()).toBeNull();
});

test('a disk that is full at the start: told, and the account is there once there is room', async () => {
  const { disk, open } = createFullDisk();
  const { harness, server, userId, ...made } = await begin({ deps: { openLedger: open } });
  await harness.restart(async () => {
    disk.full = true;
    server.control.advance(5, userId);
  });
  await until(() => harness.window.storage()?.code === 'disk_full', 'the full disk told');
  expect(harness.window.session()).toEqual({ state: 'restoring' });
  disk.full = false;
  await made.complete();
  expect(harness.window.session()?.state).toBe('signed_in');
  expect(harness.window.storage()).toBeNull();
});

test('the thread that keeps the history ends by itself: said, started again once, and nothing is missing', async () => {
  const workerUrl = new URL('../ledger/testing/ending-worker.ts', import.meta.url);
  const { harness, server, userId, ...made } = await begin({ deps: { workerUrl } });
  server.control.advance(20, userId);
  endThreads();
  await until(() => harness.window.storage()?.code === 'restarted', 'the end told');
  server.control.advance(10, userId);
  await made.complete();
  await made.live();
  const opened = await harness.core.handle('view:open', { filter: ALL, range: PAGE });
  expect(opened.total).toBeGreaterThan(0);
  await harness.core.handle('storage:startFresh', undefined);
  expect(harness.window.storage()).toBeNull();

  endThreads();
  await until(() => harness.window.storage()?.code === 'ended', 'the second end told');
  server.control.advance(10, userId);
  await harness.restart(async () => {});
  await made.complete();
  await made.proveExact();
});

test('a damaged file is set aside, said, dismissed, and the account begun anew', async () => {
  const { harness, server, userId, ...made } = await begin();
  const garbage = randomBytes(64 * 1024);
  await harness.restart(async () => writeFile(harness.deps.ledgerPath, garbage));
  expect(harness.core.storage).toMatchObject({ code: 'corrupt', inMemory: false });
  await made.live();
  const before = made.published().length;
  server.control.advance(5, userId);
  await until(() => harness.window.receipt()?.upToId === server.control.head(userId), 'complete again');
  expect(made.stored().slice(-5)).toEqual(made.published().slice(before));
  const names = await readdir(harness.folder);
  const aside = names.find((name) => name.includes('.damaged-')) ?? '';
  expect((await readFile(`${harness.folder}/${aside}`)).equals(garbage)).toBe(true);
  await harness.core.handle('storage:startFresh', undefined);
  expect(harness.core.storage).toBeNull();
  await until(() => harness.phase() === 'live', 'still live');
});

test('a file of a newer version is left untouched; in memory it goes on; starting fresh keeps it', async () => {
  const { harness, ...made } = await begin();
  await harness.restart(async () => {
    const db = new DatabaseSync(harness.deps.ledgerPath);
    db.exec('PRAGMA user_version = 9999');
    db.close();
  });
  expect(harness.core.storage).toMatchObject({ code: 'newer_version', inMemory: true });
  await made.live();
  await harness.core.handle('storage:startFresh', undefined);
  expect(harness.core.storage).toBeNull();
  await made.live();
  expect((await readdir(harness.folder)).some((name) => name.includes('.set-aside-'))).toBe(true);
});

test('another copy of the app on the same file: told, in memory, and no fresh file over its head', async () => {
  const { harness, server, userId, ...made } = await begin();
  other = await createCore({ ...harness.deps, send: () => {} });
  expect(other.storage).toMatchObject({ code: 'locked', inMemory: true });
  await expect(other.handle('storage:startFresh', undefined)).rejects.toMatchObject({
    failure: { code: 'historyLocked' },
  });
  server.control.advance(5, userId);
  await made.complete();
});

test('a file in order offers no remedy', async () => {
  const { harness } = await begin();
  await expect(harness.core.handle('storage:startFresh', undefined)).rejects.toMatchObject({
    failure: { code: 'historyFine' },
  });
});
