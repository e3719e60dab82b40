import type * as Package from '@photostructure/sqlite';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';

/*
 * SQLite, of the runtime where it has all that the ledger asks of it, else of the package: Electron 33 has none of its own.
 * The one place that names either of them.
 */

/** What the ledger uses of an open database; both have it. */
export type Database = Pick<
  DatabaseSyncInstance,
  'exec' | 'prepare' | 'close' | 'isTransaction' | 'serialize' | 'deserialize'
>;
export type Statement = Pick<StatementSyncInstance, 'run' | 'get' | 'all' | 'iterate' | 'setReturnArrays'>;

export interface Sqlite {
  readonly name: 'node:sqlite' | '@photostructure/sqlite';
  readonly DatabaseSync: new (
    path: string,
    options?: { readonly readOnly?: boolean; readonly timeout?: number },
  ) => Database;
  /** Copies `rate` pages at a time, and lets others have their turn in between. */
  backup(db: Database, path: string, options: { readonly rate: number }): Promise<unknown>;
}

const MEMBERS = [
  'exec',
  'prepare',
  'close',
  'serialize',
  'deserialize',
] as const satisfies readonly (keyof Database)[];

/** Why it cannot be used; null where it can. Opens a database in memory. */
export function findLack({ DatabaseSync, backup }: Pick<Sqlite, 'DatabaseSync' | 'backup'>): string | null {
  if (typeof backup !== 'function') return 'backup';
  try {
    const db = new DatabaseSync(':memory:');
    try {
      const lacking = MEMBERS.find((member) => typeof db[member] !== 'function');
      if (lacking !== undefined) return lacking;
      if (typeof db.isTransaction !== 'boolean') return 'isTransaction';
      db.exec(`CREATE VIRTUAL TABLE found USING fts5 (words, content = '', contentless_delete = 1, detail = none,
        prefix = '1 2 3', tokenize = 'ascii'); INSERT INTO found (rowid, words) VALUES (7, 'lease')`);
      const found = db.prepare(`SELECT rowid FROM found WHERE found MATCH 'le*'`);
      found.setReturnArrays(true);
      if (JSON.stringify(found.all()) !== '[[7]]') return 'FTS5';
      db.exec('CREATE TABLE strict (a INTEGER NOT NULL) STRICT');
      return refusalOf(db) === SQLITE_CONSTRAINT ? null : 'error codes';
    } finally {
      db.close();
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const SQLITE_CONSTRAINT = 19;

/** The primary code of a refused write: by it the ledger tells a full disk from a damaged file (errors.ts). */
function refusalOf(db: Database): number | null {
  try {
    db.prepare('INSERT INTO strict VALUES (NULL)').run();
    return null;
  } catch (error) {
    const errcode: unknown = error instanceof Error && 'errcode' in error ? error.errcode : null;
    return typeof errcode === 'number' ? errcode & 0xff : null;
  }
}

/** The environment variable by which tests choose: `node` or `package`. */
export const LEDGER_SQLITE = 'LEDGER_SQLITE';

async function choose(wanted: string | undefined): Promise<Sqlite> {
  // Numbers where Node's types allow for bigints, too: nobody asks for those.
  const builtin = process.getBuiltinModule('node:sqlite') as unknown as Sqlite | undefined;
  const lack = builtin === undefined ? 'there is none' : findLack(builtin);
  if (wanted === 'node' && lack !== null)
    throw new Error(`${LEDGER_SQLITE}=node, but of this runtime's: ${lack}`);
  if (builtin !== undefined && lack === null && wanted !== 'package') {
    return { name: 'node:sqlite', DatabaseSync: builtin.DatabaseSync, backup: builtin.backup };
  }
  const own: typeof Package = await import('@photostructure/sqlite');
  return { name: '@photostructure/sqlite', DatabaseSync: own.DatabaseSync, backup: own.backup };
}

export const { name: SQLITE, DatabaseSync, backup } = await choose(process.env[LEDGER_SQLITE]);
