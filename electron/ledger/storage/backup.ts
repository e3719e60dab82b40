import { setTimeout } from 'node:timers/promises';
import { backup, DatabaseSync, type Database } from './sqlite.ts';
import type { BackupContent } from '../types.ts';
import { closeQuietly } from './database.ts';
import { toLedgerError } from './errors.ts';
import { latestVersion, readUserVersion } from './migrations.ts';
import { findForeignCode } from './own-schema.ts';

/** Copied at a time: others have their turn in between. */
const PAGES = 500;
/**
 * Node's own gives up, without a code, where its first step meets a transaction of this very connection; the steps after it wait
 * for such (https://github.com/nodejs/node/blob/v24.x/src/node_sqlite.cc, BackupJob). So does a busy file.
 */
const BEGUN_TOO_SOON: ReadonlySet<number | null> = new Set([0, 5, 6]);
/** Ten seconds together, within which a long append pauses hundreds of times. */
const TRIES = 1000;
const WAIT_MS = 10;
/** Tables that every version of the ledger has had, and no other file has together. */
const MARKS = ['account', 'contract', 'event', 'event_key', 'raw_envelope', 'outbox'];

/** A consistent copy, made while the file is in use. `target`: a new or an empty file. */
export async function backUpTo(db: Database, target: string): Promise<void> {
  for (let left = TRIES; ; left--) {
    try {
      await backup(db, target, { rate: PAGES });
      return;
    } catch (error) {
      if (left === 0 || !BEGUN_TOO_SOON.has(errcodeOf(error))) throw toLedgerError(error);
      await setTimeout(WAIT_MS);
    }
  }
}

/** What a file that somebody offers as a backup is. It is read whole, and not migrated. */
export function inspectBackup(path: string): BackupContent {
  let db: Database | undefined;
  try {
    db = new DatabaseSync(path);
    return inspect(db);
  } catch (error) {
    const { code, failure } = toLedgerError(error);
    // SQLITE_NOTADB: what has no beginning of a database is no damaged one either.
    if (errcodeOf(error) === 26) return { kind: 'foreign' };
    if (code !== 'corrupt') throw toLedgerError(error);
    return { kind: 'damaged', detail: failure.detail };
  } finally {
    if (db) closeQuietly(db);
  }
}

function inspect(db: Database): BackupContent {
  const version = readUserVersion(db);
  const found = db
    .prepare(
      `SELECT count(*) AS n FROM sqlite_schema WHERE type = 'table' AND name IN (${MARKS.map(() => '?').join()})`,
    )
    .get(...MARKS) as { n: number };
  if (version < 1 || found.n < MARKS.length) return { kind: 'foreign' };
  if (version > latestVersion()) return { kind: 'newer', version };
  // First: whatever else is read of it might make it run.
  const foreign = findForeignCode(db, version);
  if (foreign !== null) return { kind: 'damaged', detail: `not made by this app: ${foreign}`.slice(0, 200) };
  const check = db.prepare('PRAGMA integrity_check(1)').get() as { integrity_check: string };
  if (check.integrity_check !== 'ok') return { kind: 'damaged', detail: check.integrity_check.slice(0, 200) };
  const accounts = db
    .prepare(
      `SELECT server, user_id AS userId, user_name AS userName, locale, last_sign_at AS lastSignAt,
         (SELECT count(*) FROM contract WHERE contract.account_id = account.account_id) AS contracts,
         (SELECT count(*) FROM event WHERE event.account_id = account.account_id) AS events
       FROM account ORDER BY account_id`,
    )
    .all() as (BackupContent & { kind: 'ledger' })['accounts'][number][];
  return { kind: 'ledger', accounts };
}

function errcodeOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return null;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : null;
}
