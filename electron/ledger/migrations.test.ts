import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from './database.ts';
import { latestVersion, migrate, MIGRATIONS, readUserVersion, type Migration } from './migrations.ts';
import { LATER_MIGRATIONS } from './testing/later-migrations.ts';
import { openTestCore } from './testing/fixture.ts';
import { change, idOf, KEY, START } from './testing/make.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  path = join(folder, 'ledger.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A file of this version, with an account and an event in it. */
async function makeVersion(version: number, migrations: readonly Migration[]): Promise<void> {
  const core = openTestCore(path, [], (at, now) =>
    openDatabase(
      at,
      now,
      migrations.filter((migration) => migration.version <= version),
    ),
  );
  const { accountId } = await core.account(KEY);
  await core.append(accountId, [change(1, 'C-1', 1)], START);
  core.close();
}

test('numbers are without gaps from 1', () => {
  expect(MIGRATIONS.map((migration) => migration.version)).toEqual(MIGRATIONS.map((_, i) => i + 1));
});

test.each(MIGRATIONS.map((migration) => migration.version))(
  'from version %i to the latest: content stays',
  async (version) => {
    await makeVersion(version, MIGRATIONS);
    const core = openTestCore(path);
    expect(core.problem).toBeNull();
    expect(await core.account(KEY)).toMatchObject({ cursor: idOf(1) });
    expect((await core.diagnostics()).schemaVersion).toBe(latestVersion());
    core.close();
  },
);

test.each([1, 2, 3])(
  'from version %i over several later ones, each in a transaction of its own',
  async (version) => {
    await makeVersion(version, LATER_MIGRATIONS);
    const { db, problem } = openDatabase(path, START, LATER_MIGRATIONS);
    expect(problem).toBeNull();
    expect(readUserVersion(db)).toBe(4);
    expect(db.prepare('SELECT count(*) AS n, min(later) AS later FROM event').get()).toEqual({
      n: 1,
      later: 'second',
    });
    db.close();
  },
);

test('a migration that fails leaves the version before it, whole', async () => {
  await makeVersion(1, MIGRATIONS);
  const broken: Migration = {
    version: 3,
    up(db) {
      db.exec('CREATE TABLE half (a); DELETE FROM event;');
      throw new Error('power failure');
    },
  };
  const db = new DatabaseSync(path);
  expect(() => migrate(db, [...LATER_MIGRATIONS.slice(0, 2), broken])).toThrow('power failure');
  expect(readUserVersion(db)).toBe(2);
  expect(db.prepare('SELECT count(*) AS n FROM event').get()).toEqual({ n: 1 });
  expect(migrate(db, LATER_MIGRATIONS)).toEqual({ from: 2, to: 4 });
  db.close();
});

test('a process killed in the middle of a migration leaves a file that the next start brings on', async () => {
  await makeVersion(1, MIGRATIONS);
  const script = fileURLToPath(new URL('./testing/migrate-child.ts', import.meta.url));
  const child = fork(script, [path], { stdio: 'ignore' });
  // It reports from inside the third migration and then waits there.
  await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', () => reject(new Error('the child ended by itself')));
  });
  const gone = new Promise((resolve) => {
    child.once('exit', resolve);
  });
  child.kill('SIGKILL');
  await gone;
  const { db, problem } = openDatabase(path, START, LATER_MIGRATIONS);
  expect(problem).toBeNull();
  expect(readUserVersion(db)).toBe(4);
  expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  expect(db.prepare('SELECT count(*) AS n FROM event').get()).toEqual({ n: 1 });
  db.close();
});
