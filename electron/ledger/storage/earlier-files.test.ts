import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type Database } from './sqlite.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EARLIER_LEDGERS, unpackLedger } from '../testing/old-file.ts';
import { schemaOf } from '../testing/schema-of.ts';
import { START } from '../testing/make.ts';
import { openDatabase } from './database.ts';
import { latestVersion, migrate, MIGRATIONS } from './migrations.ts';

/*
 * Ledgers that each landed version of the app has written itself (testing/files/README.md). What a person sees of them is
 * tested in ../earlier-versions.test.ts.
 */

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  path = join(folder, 'ledger.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const FINAL = EARLIER_LEDGERS.filter(({ name, version }) => name === String(version));

function withFile<T>(use: (db: Database) => T): T {
  const db = new DatabaseSync(path);
  try {
    return use(db);
  } finally {
    db.close();
  }
}

function fresh(version: number): Database {
  const db = new DatabaseSync(':memory:');
  migrate(db, MIGRATIONS.slice(0, version));
  return db;
}

test('each version has its file: `node electron/ledger/testing/freeze.ts` writes that of the present one', () => {
  expect(FINAL.map(({ version }) => version)).toEqual(MIGRATIONS.map(({ version }) => version));
});

test.each(FINAL)('version $version makes what its file has: its migration was not edited since', (file) => {
  unpackLedger(path, file);
  const db = fresh(file.version);
  expect(withFile((old) => schemaOf(old, 'as written'))).toEqual(schemaOf(db, 'as written'));
  db.close();
});

test.each(EARLIER_LEDGERS)('from $name: sound, and made of the same as a ledger made anew', (file) => {
  unpackLedger(path, file);
  const { db, problem } = openDatabase(path, START);
  expect(problem).toBeNull();
  expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  expect(db.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
  const anew = fresh(latestVersion());
  const how = FINAL.includes(file) ? 'as written' : 'sorted';
  expect(schemaOf(db, how)).toEqual(schemaOf(anew, how));
  for (const index of ['contract_words', 'reason_words']) {
    db.exec(`INSERT INTO ${index} (${index}, rank) VALUES ('integrity-check', 0)`);
  }
  db.close();
  anew.close();
});

/* What a migration renames, leaves out or writes anew; everything else has to be there after it as it was before. */
const RENAMED_TABLES: Readonly<Record<string, string>> = { hole: 'gap', looked: 'last_viewed' };
const RENAMED_COLUMNS: Readonly<Record<string, string>> = {
  'hole.hole_id': 'gap_id',
  'contract.told': 'from_snapshot',
  'contract.retired': 'superseded',
  'quarantine.head': 'text',
};
/** Counters and a wording that nothing reads any more; reasons that became codes and a copy of columns, tested by what they show. */
const NOT_KEPT: ReadonlySet<string> = new Set([
  'account.count_all',
  'account.count_unread',
  'account.count_action',
  'outbox.problem',
  'contract.ack_problem',
  'contract.log_state',
]);
/** Staged for a snapshot that ends with the process: of the first forms not kept. */
const NOT_KEPT_IN: Readonly<Record<string, string>> = { '1a': 'staged_contract', '1b': 'staged_contract' };

/** The words of titles and reasons, and how far they were taken in: made anew (../earlier-versions.test.ts finds by them). */
const INDEX = /^(?:contract_words|reason_words|search)_/;

type Row = Readonly<Record<string, unknown>>;

function contentOf(db: Database): Map<string, readonly Row[]> {
  const tables = db
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'`)
    .all() as { name: string }[];
  const kept = tables.filter(({ name }) => !INDEX.test(name));
  return new Map(kept.map(({ name }) => [name, db.prepare(`SELECT * FROM "${name}"`).all() as Row[]]));
}

/** As the newest version names and writes it. */
function asNow(table: string, row: Row): Row {
  const known = Object.entries(row).filter(([column]) => !NOT_KEPT.has(`${table}.${column}`));
  return Object.fromEntries(
    known.map(([column, value]) => {
      const name = RENAMED_COLUMNS[`${table}.${column}`] ?? column;
      if (table === 'quarantine' && column === 'head')
        return [name, Uint8Array.from(Buffer.from(String(value)))];
      if (table === 'epoch' && value === 'retired') return [name, 'superseded'];
      if (table === 'sqlite_sequence' && column === 'name')
        return [name, RENAMED_TABLES[String(value)] ?? value];
      return [name, value];
    }),
  );
}

test.each(EARLIER_LEDGERS)(
  'from $name: every row of every table is still there, column by column',
  (file) => {
    unpackLedger(path, file);
    const before = withFile(contentOf);
    openDatabase(path, START).db.close();
    const after = withFile(contentOf);
    for (const [table, rows] of before) {
      if (NOT_KEPT_IN[file.name] === table) continue;
      const expected = rows.map((row) => asNow(table, row));
      const columns = Object.keys(expected[0] ?? {});
      const found = after.get(RENAMED_TABLES[table] ?? table) ?? [];
      const kept = found.map((row) => Object.fromEntries(columns.map((column) => [column, row[column]])));
      expect(kept.map(plain).toSorted(), table).toEqual(expected.map(plain).toSorted());
    }
  },
);

function plain(row: Row): string {
  return JSON.stringify(row, (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
  );
}

test.each(FINAL)('from $name: opened by an app that is older than it, it stays as it is', (file) => {
  unpackLedger(path, file);
  const before = readFileSync(path);
  const { db, problem } = openDatabase(path, START, MIGRATIONS.slice(0, file.version - 1));
  db.close();
  expect(problem).toMatchObject({ code: 'newer_version', inMemory: true, setAsideAt: null });
  expect(problem?.detail).toBe(
    `the file has version ${file.version}, this app knows up to ${file.version - 1}`,
  );
  expect(readFileSync(path)).toEqual(before);
});
