import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, expect, test } from 'vitest';
import { openLedger } from '../ledger/open-ledger.ts';
import { endThreads } from '../ledger/testing/end-channel.ts';
import { LedgerError } from '../ledger/types.ts';
import type { Ledger, LedgerOptions } from '../ledger/types.ts';
import { createCore } from '../core.ts';
import type { Core } from '../core-types.ts';
import { ALL, until } from './rig.ts';
import { createScene, describe } from './scene.ts';
import type { Scene, SceneOptions } from './scene.ts';

let scene: Scene | null = null;
let other: Core | null = null;

afterEach(async () => {
  await other?.close();
  await scene?.close();
  scene = other = null;
});

const PAGE = { offset: 0, limit: 50 };

async function begin(options?: SceneOptions): Promise<Scene> {
  scene = await createScene(options);
  await scene.rig.signIn(scene.server.url);
  await scene.live();
  scene.server.control.advance(5, scene.userId);
  await scene.complete();
  return scene;
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
  const { rig, server, userId, ...made } = await begin({ world: { openLedger: open } });
  disk.full = true;
  server.control.advance(10, userId);
  await until(() => rig.window.storage()?.code === 'disk_full', 'the full disk told');
  await until(
    () => rig.phase() === 'waiting',
    () => `waiting, but ${describe(rig)}`,
  );
  await expect(rig.core.handle('storage:startFresh', undefined)).rejects.toMatchObject({
    failure: { code: 'historyFull' },
  });
  const opened = await rig.core.handle('view:open', { filter: ALL, range: PAGE });
  expect(opened.total).toBeGreaterThan(0);
  disk.full = false;
  await made.complete();
  expect(rig.window.storage()).toBeNull();
});

test('a disk that is full at the start: told, and the account is there once there is room', async () => {
  const { disk, open } = createFullDisk();
  const { rig, server, userId, ...made } = await begin({ world: { openLedger: open } });
  await rig.restart(async () => {
    disk.full = true;
    server.control.advance(5, userId);
  });
  await until(() => rig.window.storage()?.code === 'disk_full', 'the full disk told');
  expect(rig.window.session()).toEqual({ state: 'restoring' });
  disk.full = false;
  await made.complete();
  expect(rig.window.session()?.state).toBe('signed_in');
  expect(rig.window.storage()).toBeNull();
});

test('the thread that keeps the history ends by itself: said, started again once, and nothing is missing', async () => {
  const workerUrl = new URL('../ledger/testing/ending-worker.ts', import.meta.url);
  const { rig, server, userId, ...made } = await begin({ world: { workerUrl } });
  server.control.advance(20, userId);
  endThreads();
  await until(() => rig.window.storage()?.code === 'restarted', 'the end told');
  server.control.advance(10, userId);
  await made.complete();
  await made.live();
  const opened = await rig.core.handle('view:open', { filter: ALL, range: PAGE });
  expect(opened.total).toBeGreaterThan(0);
  await rig.core.handle('storage:startFresh', undefined);
  expect(rig.window.storage()).toBeNull();

  endThreads();
  await until(() => rig.window.storage()?.code === 'ended', 'the second end told');
  server.control.advance(10, userId);
  await rig.restart(async () => {});
  await made.complete();
  await made.proveExact();
});

test('a damaged file is set aside, said, dismissed, and the account begun anew', async () => {
  const { rig, server, userId, ...made } = await begin();
  const garbage = randomBytes(64 * 1024);
  await rig.restart(async () => writeFile(rig.world.ledgerPath, garbage));
  expect(rig.core.storage).toMatchObject({ code: 'corrupt', inMemory: false });
  await made.live();
  const before = made.published().length;
  server.control.advance(5, userId);
  await until(() => rig.window.receipt()?.upToId === server.control.head(userId), 'complete again');
  expect(made.stored().slice(-5)).toEqual(made.published().slice(before));
  const names = await readdir(rig.folder);
  const aside = names.find((name) => name.includes('.damaged-')) ?? '';
  expect((await readFile(`${rig.folder}/${aside}`)).equals(garbage)).toBe(true);
  await rig.core.handle('storage:startFresh', undefined);
  expect(rig.core.storage).toBeNull();
  await until(() => rig.phase() === 'live', 'still live');
});

test('a file of a newer version is left untouched; in memory it goes on; starting fresh keeps it', async () => {
  const { rig, ...made } = await begin();
  await rig.restart(async () => {
    const db = new DatabaseSync(rig.world.ledgerPath);
    db.exec('PRAGMA user_version = 9999');
    db.close();
  });
  expect(rig.core.storage).toMatchObject({ code: 'newer_version', inMemory: true });
  await made.live();
  await rig.core.handle('storage:startFresh', undefined);
  expect(rig.core.storage).toBeNull();
  await made.live();
  expect((await readdir(rig.folder)).some((name) => name.includes('.set-aside-'))).toBe(true);
});

test('another copy of the app on the same file: told, in memory, and no fresh file over its head', async () => {
  const { rig, server, userId, ...made } = await begin();
  other = await createCore({ ...rig.world, send: () => {} });
  expect(other.storage).toMatchObject({ code: 'locked', inMemory: true });
  await expect(other.handle('storage:startFresh', undefined)).rejects.toMatchObject({
    failure: { code: 'historyLocked' },
  });
  server.control.advance(5, userId);
  await made.complete();
});

test('a file in order offers no remedy', async () => {
  const { rig } = await begin();
  await expect(rig.core.handle('storage:startFresh', undefined)).rejects.toMatchObject({
    failure: { code: 'historyFine' },
  });
});
