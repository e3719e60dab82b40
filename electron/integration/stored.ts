import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type Database } from '../ledger/storage/sqlite.ts';

export interface StoredEvent {
  readonly id: string;
  readonly version: number;
  readonly contractId: string;
  readonly beforeBaseline: boolean;
}

/** What the ledger's file holds for this user, in the order of its positions; read beside the app, from the file itself. */
export function readStored(path: string, userId: string): readonly StoredEvent[] {
  return withDatabase(path, (db) =>
    db
      .prepare(
        `SELECT event.event_id AS id, event.version AS version, contract.contract_id AS contractId,
                event.before_baseline AS before
           FROM event JOIN contract USING (contract_rowid) JOIN account ON account.account_id = event.account_id
          WHERE account.user_id = ? ORDER BY event.position, event.event_id`,
      )
      .all(userId)
      .map((row) => {
        const { id, version, contractId, before } = row as {
          id: string;
          version: number;
          contractId: string;
          before: number;
        };
        return { id, version, contractId, beforeBaseline: before === 1 };
      }),
  );
}

/** Gaps that were opened and have healed, over all accounts of the file. */
export function countHealed(path: string): number {
  return withDatabase(path, (db) => {
    const row = db.prepare('SELECT count(*) AS n FROM gap WHERE healed_at IS NOT NULL').get() as {
      n: number;
    };
    return row.n;
  });
}

/** `ok`, or what SQLite found wrong. */
export function checkIntegrity(path: string): string {
  return withDatabase(path, (db) => {
    const row = db.prepare('PRAGMA integrity_check').get() as { integrity_check: string };
    return row.integrity_check;
  });
}

/**
 * Reads a copy of the file and its journal: the app holds its own exclusively. A copy made while a checkpoint runs
 * may be torn; so what is read while the app works is a glance, and proofs are read once it is closed.
 */
function withDatabase<T>(path: string, use: (db: Database) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'pulse-look-'));
  const copy = join(folder, 'copy.sqlite');
  try {
    for (const suffix of ['-wal', '']) {
      if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix);
    }
    const db = new DatabaseSync(copy);
    try {
      return use(db);
    } finally {
      db.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
