import type { ContractRecord } from './contract-record.ts';
import type { Database, Statement } from './sqlite.ts';

/** `normal` may lose the newest transactions with the power (never the file's consistency); `full` loses none. */
export type Durability = 'normal' | 'full';

/** One open database with its prepared statements. */
export interface Store {
  readonly db: Database;
  /** The statement of this text, prepared once. */
  sql(text: string): Statement;
  /** The same for rows as arrays of their values: where many rows are read, naming each value costs as much as reading it. */
  sqlArrays(text: string): Statement;
  /** Runs `work` in one transaction; what it throws rolls everything back and is thrown on. Not nestable. */
  transaction<T>(durability: Durability, work: () => T): T;
  /**
   * Takes the write-ahead log into the file where enough has gathered in it. For moments in which nobody waits: a commit
   * would do it at a time of its own, before its answer.
   */
  checkpoint(): void;
  /** What may be kept in memory of this account between transactions; forgotten when one fails. */
  cached<T extends object>(what: string, accountId: number, make: () => T): T;
  forgetCached(): void;
  /** Contracts written since they were last taken; null when too many to tell. */
  noteWritten(contractRowids: Iterable<number> | null): void;
  /** The same with what they hold now, so that nobody need read it again. */
  noteRecords(accountId: number, records: Iterable<ContractRecord>): void;
  takeWritten(): Written | null;
}

/** What one call has written of contracts. */
export interface Written {
  readonly rowids: ReadonlySet<number>;
  /** In the order they were written; the last word on a contract holds. */
  readonly records: readonly { readonly accountId: number; readonly record: ContractRecord }[];
}

/** Rows changed that make a checkpoint worth its two syncs: some hundred pages. */
const CHECKPOINT_ROWS = 2000;
/** Beyond this many written contracts nobody asks for each of them. */
const MAX_WRITTEN = 20_000;

const startWritten = () => ({ rowids: new Set<number>(), records: new Array<Written['records'][number]>() });

export function createStore(db: Database): Store {
  const statements = new Map<string, Statement>();
  const arrayStatements = new Map<string, Statement>();
  const caches = new Map<string, object>();
  let durability: Durability | undefined;
  let checkpointed = 0;
  let written: { rowids: Set<number>; records: Written['records'][number][] } | null = startWritten();

  function sql(text: string): Statement {
    let statement = statements.get(text);
    if (!statement) {
      statement = db.prepare(text);
      statements.set(text, statement);
    }
    return statement;
  }

  function sqlArrays(text: string): Statement {
    let statement = arrayStatements.get(text);
    if (!statement) {
      statement = db.prepare(text);
      statement.setReturnArrays(true);
      arrayStatements.set(text, statement);
    }
    return statement;
  }

  return {
    db,
    sql,
    sqlArrays,
    cached<T extends object>(what: string, accountId: number, make: () => T): T {
      const key = `${what} ${accountId}`;
      let cache = caches.get(key);
      if (!cache) {
        cache = make();
        caches.set(key, cache);
      }
      return cache as T;
    },
    checkpoint() {
      const { rows } = sql('SELECT total_changes() AS rows').get() as { rows: number };
      if (rows - checkpointed < CHECKPOINT_ROWS) return;
      checkpointed = rows;
      db.exec('PRAGMA wal_checkpoint(PASSIVE)');
    },
    forgetCached: () => caches.clear(),
    noteWritten(contractRowids) {
      if (contractRowids === null) written = null;
      for (const id of contractRowids ?? []) written?.rowids.add(id);
      if (written && written.rowids.size > MAX_WRITTEN) written = null;
    },
    noteRecords(accountId, records) {
      for (const record of records) written?.records.push({ accountId, record });
      if (written && written.records.length > MAX_WRITTEN) written = null;
    },
    takeWritten() {
      const taken = written;
      written = startWritten();
      return taken;
    },
    transaction(wanted, work) {
      if (durability !== wanted) {
        db.exec(wanted === 'full' ? 'PRAGMA synchronous = FULL' : 'PRAGMA synchronous = NORMAL');
        durability = wanted;
      }
      db.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        db.exec('COMMIT');
        return result;
      } catch (error) {
        caches.clear();
        // Records hold what was not committed; the rows do not.
        for (const { record } of written?.records.splice(0) ?? []) written?.rowids.add(record.contractRowid);
        // SQLite itself rolls back on some errors (a full disk); a second ROLLBACK would hide the cause.
        if (db.isTransaction) db.exec('ROLLBACK');
        throw error;
      }
    },
  };
}
