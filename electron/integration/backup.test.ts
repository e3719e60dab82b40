import { copyFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { copyOf, replacedOf } from '../app/restore-file.ts';
import { damageTable } from '../ledger/testing/damage.ts';
import { toSaveError } from '../shell/save-file.ts';
import { ALL, until } from './harness.ts';
import { createScenario, describe } from './scenario.ts';
import type { Scenario, ScenarioOptions } from './scenario.ts';

/* A person backs the history up, goes on, and goes back: the whole core, a real server, real files. */

let scenario: Scenario | null = null;
let chosen: string | null = null;

afterEach(async () => {
  await scenario?.close();
  scenario = null;
});

const PAGE = { offset: 0, limit: 50 };

async function begin(server: ScenarioOptions['server'] = {}): Promise<Scenario> {
  chosen = null;
  scenario = await createScenario({
    server,
    deps: {
      async saveCopy(_name, make) {
        if (chosen === null) return null;
        await make(chosen).catch((error: unknown) => {
          throw toSaveError(error);
        });
        return chosen;
      },
      chooseFile: async () => chosen,
    },
  });
  await scenario.harness.signIn(scenario.server.url);
  await scenario.live();
  scenario.server.control.advance(5, scenario.userId);
  await scenario.complete();
  return scenario;
}

async function backUp({ harness }: Scenario, name = 'one.pulsebackup'): Promise<string> {
  const path = (chosen = join(harness.folder, name));
  const result = await harness.core.handle('storage:backUp', undefined);
  const { size, mode } = await stat(path);
  expect(result).toEqual({ saved: true, path, bytes: size });
  expect(mode & 0o777).toBe(0o600);
  return path;
}

const leftovers = async ({ harness }: Scenario): Promise<readonly string[]> =>
  (await readdir(harness.folder)).filter((name) =>
    /^ledger.*(?:restoring|replacing|damaged)|\.part$/.test(name),
  );

test('made while changes come in, put back later: everything once, in order, and the receipt is true', async () => {
  const made = await begin();
  const { harness, server, userId } = made;
  server.control.advance(300, userId);
  await backUp(made);
  await made.complete();
  const opened = await harness.core.handle('view:open', { filter: ALL, range: PAGE });
  const contractIds = opened.rows.map(({ contractId }) => contractId);
  await harness.core.handle('actions:perform', { contractIds, action: { do: 'mute', muted: true } });
  await harness.core.handle('savedViews:save', { savedId: null, name: 'Later', filter: ALL });
  server.control.advance(40, userId);
  await made.complete();

  const found = await harness.core.handle('storage:chooseBackup', undefined);
  expect(found).toMatchObject({ name: 'one.pulsebackup', others: 0 });
  expect(found?.contracts).toBeGreaterThan(0);
  expect(found?.at).toBeLessThanOrEqual(Date.now());
  await harness.core.handle('storage:restore', undefined);
  expect(await harness.core.handle('savedViews:read', undefined)).toEqual([]);
  const again = await harness.core.handle('view:open', { filter: ALL, range: PAGE });
  expect(again.counts.muted).toBe(0);
  await made.complete();
  await made.live();
  server.control.advance(10, userId);
  await made.complete();
  expect(harness.window.storage()).toBeNull();
  expect(await leftovers(made)).toEqual([]);
  expect((await stat(replacedOf(harness.deps.ledgerPath))).size).toBeGreaterThan(0);
  // It is spent; going back once more takes choosing once more.
  await expect(harness.core.handle('storage:restore', undefined)).rejects.toMatchObject({
    failure: { code: 'restoreGone' },
  });
  await harness.core.handle('session:signOutAndErase', undefined);
  expect((await readdir(harness.folder)).some((name) => name.includes('before-restore'))).toBe(false);
});

test('what the server no longer has is said, and nothing else is missing', async () => {
  // The stream keeps 10 changes, the history 100.
  const made = await begin({ retention: 10, contracts: 4 });
  const { harness, server, userId } = made;
  await backUp(made);
  // More than that at once: whether the stream was quick enough to bring all of it is another matter.
  server.control.advance(300, userId);
  await harness.core.handle('storage:chooseBackup', undefined);
  await harness.core.handle('storage:restore', undefined);
  await until(
    () => harness.window.receipt()?.openGaps.some(({ attempts }) => attempts > 0) === true,
    () => `a gap that could not be filled, but ${describe(harness)}`,
  );
  await made.live();
  await until(
    () => made.stored().at(-1) === made.published().at(-1),
    () => describe(harness),
  );
  const { verdict, openGaps } = harness.window.receipt() ?? {};
  expect(verdict).toBe('gaps');
  const published = made.published();
  const stored = made.stored();
  expect(stored.slice(0, 5)).toEqual(published.slice(0, 5));
  expect(stored.slice(-100)).toEqual(published.slice(-100));
  expect(new Set(stored).size).toBe(stored.length);
  expect(stored.length).toBeLessThan(published.length);
  expect(openGaps?.length).toBeGreaterThan(0);
});

test('what cannot be restored is refused with its reason, and changes nothing', async () => {
  const made = await begin();
  const { harness } = made;
  const path = await backUp(made);
  const refused = async (code: string, params = {}) => {
    await expect(harness.core.handle('storage:chooseBackup', undefined)).rejects.toMatchObject({
      failure: { code, params },
    });
    await expect(harness.core.handle('storage:restore', undefined)).rejects.toMatchObject({
      failure: { code: 'restoreGone' },
    });
    expect(await leftovers(made)).toEqual([]);
  };
  chosen = join(harness.folder, 'letter.pulsebackup');
  await writeFile(chosen, 'Dear Anna');
  await refused('restoreNotBackup');
  chosen = join(harness.folder, 'gone.pulsebackup');
  await refused('restoreUnreadable');
  chosen = harness.deps.ledgerPath;
  await refused('restoreInUse');
  chosen = join(harness.folder, 'damaged.pulsebackup');
  await copyFile(path, chosen);
  damageTable(chosen, 'contract');
  await refused('restoreDamaged');

  // Another account, at the same server.
  await harness.core.handle('session:signOut', undefined);
  await rm(harness.deps.ledgerPath, { force: true });
  await harness.signIn(made.server.url, 'ben', 'ben-demo');
  chosen = path;
  const { host } = new URL(made.server.url);
  await refused('restoreOtherAccount', { whose: `Анна Петрова (${host})` });
  await made.live();
});

test('nobody replaces the history in use by a backup of it, and who changes their mind changes nothing', async () => {
  const made = await begin();
  const { harness } = made;
  chosen = harness.deps.ledgerPath;
  await expect(harness.core.handle('storage:backUp', undefined)).rejects.toMatchObject({
    failure: { code: 'backupInUse' },
  });
  chosen = join(harness.folder, 'no', 'such', 'folder');
  await expect(harness.core.handle('storage:backUp', undefined)).rejects.toMatchObject({
    failure: { code: 'fileNoFolder' },
  });
  chosen = null;
  expect(await harness.core.handle('storage:backUp', undefined)).toEqual({ saved: false });
  expect(await harness.core.handle('storage:chooseBackup', undefined)).toBeNull();

  await backUp(made);
  await harness.core.handle('storage:chooseBackup', undefined);
  await harness.core.handle('storage:dropBackup', undefined);
  await expect(harness.core.handle('storage:restore', undefined)).rejects.toMatchObject({
    failure: { code: 'restoreGone' },
  });
  // Chosen by one, not to be restored for another.
  await harness.core.handle('storage:chooseBackup', undefined);
  await harness.core.handle('session:signOut', undefined);
  await harness.signIn(made.server.url, 'ben', 'ben-demo');
  await expect(harness.core.handle('storage:restore', undefined)).rejects.toMatchObject({
    failure: { code: 'restoreGone' },
  });
  expect(await harness.core.handle('savedViews:read', undefined)).toEqual([]);
});

test('one that cannot be opened in its place: the history is as it was, and goes on', async () => {
  const made = await begin();
  const { harness, server, userId } = made;
  await backUp(made);
  await harness.core.handle('storage:chooseBackup', undefined);
  await harness.core.handle('savedViews:save', { savedId: null, name: 'Kept', filter: ALL });
  await writeFile(copyOf(harness.deps.ledgerPath), 'a disk that forgets');
  await expect(harness.core.handle('storage:restore', undefined)).rejects.toMatchObject({
    failure: { code: 'restoreFailed' },
  });
  expect((await harness.core.handle('savedViews:read', undefined)).map(({ name }) => name)).toEqual(['Kept']);
  server.control.advance(5, userId);
  await made.complete();
  expect(harness.window.storage()).toBeNull();
  expect(await leftovers(made)).toEqual([]);
});

test('a damaged history is replaced by a backup', async () => {
  const made = await begin();
  const { harness, server, userId } = made;
  await harness.core.handle('savedViews:save', { savedId: null, name: 'Saved', filter: ALL });
  await backUp(made);
  await harness.restart(() => writeFile(harness.deps.ledgerPath, 'x'.repeat(50_000)));
  await made.live();
  expect(harness.core.storage?.code).toBe('corrupt');
  await harness.core.handle('storage:chooseBackup', undefined);
  await harness.core.handle('storage:restore', undefined);
  expect(harness.core.storage).toBeNull();
  expect((await harness.core.handle('savedViews:read', undefined)).map(({ name }) => name)).toEqual([
    'Saved',
  ]);
  server.control.advance(5, userId);
  await made.complete();
  await made.proveExact();
});
