import type { Database } from './sqlite.ts';
import { COUNTS_AND_WORDS, DROP_COUNTERS, DROP_ORDERS } from './schema-v2.ts';

/*
 * Versions 1 and 2 were changed in place on the day they came, so files exist that bear their number and lack a part of them.
 * What each form lacks: testing/files/README.md.
 */

function hasColumn(db: Database, table: string, column: string): boolean {
  return db.prepare('SELECT 1 FROM pragma_table_info(?) WHERE name = ?').get(table, column) !== undefined;
}

/** The first version 2 had marks and no place for what is counted and searched. True when it was one. */
export function completeFirstV2(db: Database): boolean {
  if (hasColumn(db, 'contract', 'due_time')) return false;
  db.exec(`
    ALTER TABLE contract ADD COLUMN due_time INTEGER;
    ALTER TABLE contract ADD COLUMN read_by INTEGER;
    ${COUNTS_AND_WORDS}`);
  return true;
}

/** What harms no migration in between: indexes, counters that nothing reads, and the place of a snapshot on its way. */
export function completeEarlyForms(db: Database): void {
  db.exec(`${DROP_ORDERS} DROP INDEX IF EXISTS event_age;`);
  const indexed = db.prepare(`SELECT name FROM pragma_index_info('event_received')`).all();
  if (indexed.length < 3) {
    db.exec(`
      DROP INDEX event_received;
      CREATE INDEX event_received ON event (account_id, received_at, before_baseline);`);
  }
  if (hasColumn(db, 'account', 'count_all')) db.exec(DROP_COUNTERS);
  if (hasColumn(db, 'staged_contract', 'version')) return;
  // A snapshot ends with the process that fetched it, so what is staged is never used again.
  db.exec(`
    DROP TABLE staged_contract;
    CREATE TABLE staged_contract (
      account_id INTEGER NOT NULL,
      contract_id TEXT NOT NULL,
      version INTEGER NOT NULL,
      time INTEGER NOT NULL,
      item TEXT NOT NULL,
      PRIMARY KEY (account_id, contract_id)
    ) STRICT, WITHOUT ROWID;`);
}
