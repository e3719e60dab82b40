import { migrate, MIGRATIONS } from './migrations.ts';
import { DatabaseSync, type Database } from './sqlite.ts';

/**
 * The trigger or view in the file that our migrations up to this version do not make, by name; null for none. It would run within the
 * ledger: take away what is written, or never end. Tables are not compared: those of ledgers that began with early versions differ.
 */
export function findForeignCode(db: Database, version: number): string | null {
  const ours = new DatabaseSync(':memory:');
  try {
    migrate(ours, MIGRATIONS.slice(0, version));
    const made = new Set(codeOf(ours).map(textOf));
    const foreign = codeOf(db).find((part) => !made.has(textOf(part)));
    return foreign === undefined ? null : `${foreign.type} ${foreign.name}`;
  } finally {
    ours.close();
  }
}

interface Code {
  readonly type: string;
  readonly name: string;
  readonly tbl_name: string;
  readonly sql: string;
}

const codeOf = (db: Database): readonly Code[] =>
  db
    .prepare(`SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE type IN ('trigger', 'view')`)
    .all() as unknown as Code[];

const textOf = ({ type, name, tbl_name, sql }: Code): string => JSON.stringify([type, name, tbl_name, sql]);
