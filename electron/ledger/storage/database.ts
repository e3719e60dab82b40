import { existsSync, statSync } from 'node:fs';
import { DatabaseSync, type Database } from './sqlite.ts';
import type { StorageProblem } from '../../../protocol/ipc.ts';
import { createPrivately } from '../../ports/private-files.ts';
import { renameFileSync } from '../../ports/replace-file.ts';
import { toLedgerError } from './errors.ts';
import { latestVersion, migrate, MIGRATIONS, readUserVersion, type Migration } from './migrations.ts';
import { LedgerError } from '../types.ts';

export interface OpenedDatabase {
  readonly db: Database;
  readonly problem: StorageProblem | null;
}

/** Files up to this size are checked page by page when opened; larger ones by a look at each table. Bytes. */
const CHECK_BYTES = 8 * 1024 * 1024;
/** Old content of a read-only file is taken into memory up to this size. Bytes. */
const COPY_BYTES = 256 * 1024 * 1024;
/** Time for another process that is just ending to let go of the file. Ms. */
const BUSY_MS = 2000;

/**
 * Opens (or creates) the file and brings it to the latest version. Never throws: what cannot be used is set
 * aside (damaged), left untouched (newer version, locked, read-only), and the ledger goes on in memory or in
 * a fresh file; `problem` says which. `now` names a damaged file, epoch ms.
 */
export function openDatabase(
  path: string,
  now: number,
  migrations: readonly Migration[] = MIGRATIONS,
): OpenedDatabase {
  if (path === ':memory:') return { db: openMemory(migrations), problem: null };
  try {
    return { db: openFile(path, migrations), problem: null };
  } catch (error) {
    const failure = toLedgerError(error);
    if (failure.code === 'corrupt') return startFresh(path, now, migrations, failure);
    return inMemory(path, migrations, failure, null);
  }
}

function startFresh(
  path: string,
  now: number,
  migrations: readonly Migration[],
  failure: LedgerError,
): OpenedDatabase {
  let setAsideAt: string | null = null;
  try {
    setAsideAt = setAside(path, now);
    const db = openFile(path, migrations);
    return { db, problem: { code: 'corrupt', inMemory: false, setAsideAt, detail: failure.failure.detail } };
  } catch {
    return inMemory(path, migrations, failure, setAsideAt);
  }
}

function inMemory(
  path: string,
  migrations: readonly Migration[],
  failure: LedgerError,
  setAsideAt: string | null,
): OpenedDatabase {
  const code = failure.code === 'closed' ? 'unknown' : failure.code;
  const db = (code === 'read_only' ? copyToMemory(path, migrations) : undefined) ?? openMemory(migrations);
  return { db, problem: { code, inMemory: true, setAsideAt, detail: failure.failure.detail } };
}

/** Renames the file and its journal; nothing is ever deleted. Returns the new name. Throws when it cannot be renamed. */
export function setAside(path: string, now: number): string {
  const stamp = new Date(now).toISOString().replaceAll(/[:.]/g, '-');
  let target = `${path}.damaged-${stamp}`;
  for (let n = 2; existsSync(target); n++) target = `${path}.damaged-${stamp}-${n}`;
  renameFileSync(path, target);
  for (const suffix of ['-wal', '-shm']) {
    if (existsSync(path + suffix)) renameFileSync(path + suffix, target + suffix);
  }
  return target;
}

function openMemory(migrations: readonly Migration[]): Database {
  const db = new DatabaseSync(':memory:');
  migrate(db, migrations);
  return db;
}

function openFile(path: string, migrations: readonly Migration[]): Database {
  refuseNewer(path, migrations);
  createPrivately(path);
  const db = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    // Set before the first page is written; later it has no effect.
    db.exec('PRAGMA auto_vacuum = INCREMENTAL');
    // One instance owns the file: a second one is told at once, and no shared memory file is needed.
    db.exec('PRAGMA locking_mode = EXCLUSIVE');
    db.exec('PRAGMA journal_mode = WAL');
    // Pages. Only where the thread finds no moment of its own for it (Store.checkpoint): a commit that takes in so many lasts longer.
    db.exec('PRAGMA wal_autocheckpoint = 4000');
    db.exec('PRAGMA journal_size_limit = 33554432');
    db.exec('PRAGMA cache_size = -16000');
    db.exec('BEGIN IMMEDIATE; COMMIT');
    checkFile(path, db);
    migrate(db, migrations);
    return db;
  } catch (error) {
    closeQuietly(db);
    throw error;
  }
}

/** Looks at the version without writing anything, so that a newer app's file stays as it is. */
function refuseNewer(path: string, migrations: readonly Migration[]): void {
  if (!existsSync(path) || statSync(path).size === 0) return;
  let version: number;
  try {
    const db = new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS });
    try {
      version = readUserVersion(db);
    } finally {
      closeQuietly(db);
    }
  } catch (error) {
    const failure = toLedgerError(error);
    // A file that cannot be read without writing (a journal to recover) is judged when it is opened for good.
    if (failure.code === 'read_only' || failure.code === 'unknown') return;
    throw error;
  }
  checkVersion(version, migrations);
}

function checkVersion(version: number, migrations: readonly Migration[]): void {
  const latest = latestVersion(migrations);
  if (version > latest) {
    throw new LedgerError('newer_version', `the file has version ${version}, this app knows up to ${latest}`);
  }
}

function checkFile(path: string, db: Database): void {
  if (statSync(path).size <= CHECK_BYTES) {
    const row = db.prepare('PRAGMA quick_check(1)').get() as { quick_check: string } | undefined;
    const result = row?.quick_check ?? 'ok';
    if (result !== 'ok') throw new LedgerError('corrupt', result.slice(0, 200));
  }
  // A rowid from each end of every table: damage to the schema or to a table's root shows here.
  const tables = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).all() as {
    name: string;
  }[];
  for (const { name } of tables) db.prepare(`SELECT 1 FROM "${name}" LIMIT 1`).get();
}

/** What a file that may not be written holds, as a database in memory; undefined where that cannot be had. */
function copyToMemory(path: string, migrations: readonly Migration[]): Database | undefined {
  try {
    if (statSync(path).size > COPY_BYTES) return undefined;
    const bytes = readAll(path);
    // Read and write version 1: a copy in memory has no write-ahead log (https://www.sqlite.org/fileformat2.html#the_database_header).
    bytes[18] = 1;
    bytes[19] = 1;
    const db = new DatabaseSync(':memory:');
    db.deserialize(bytes);
    migrate(db, migrations);
    return db;
  } catch {
    return undefined;
  }
}

function readAll(path: string): Uint8Array {
  // With its journal where SQLite can read that without writing; else the file as it is.
  for (const name of [path, `file:${encodeURI(path)}?immutable=1`]) {
    try {
      const db = new DatabaseSync(name, { readOnly: true, timeout: 200 });
      try {
        db.prepare('SELECT count(*) FROM sqlite_schema').get();
        return db.serialize();
      } finally {
        closeQuietly(db);
      }
    } catch {
      continue;
    }
  }
  throw new LedgerError('read_only', `${path} cannot be read`);
}

export function closeQuietly(db: Database): void {
  try {
    db.close();
  } catch {
    // It is being given up; what it was is told elsewhere.
  }
}
