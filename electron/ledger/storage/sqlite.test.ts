import { expect, test } from 'vitest';
import {
  backup,
  DatabaseSync,
  findLack,
  LEDGER_SQLITE,
  SQLITE,
  type Database,
  type Sqlite,
} from './sqlite.ts';

const own: Pick<Sqlite, 'DatabaseSync' | 'backup'> = await import('@photostructure/sqlite');
const builtin = process.getBuiltinModule('node:sqlite') as unknown as typeof own | undefined;

test('the package has all that the ledger needs', () => {
  expect(findLack(own)).toBeNull();
  expect(findLack({ DatabaseSync, backup })).toBeNull();
});

test("the runtime's own is taken where it has all of it, unless the tests say otherwise", () => {
  const wanted = process.env[LEDGER_SQLITE];
  const fits = builtin !== undefined && findLack(builtin) === null;
  // Node 24 has it: were it passed over there, nobody would notice.
  if (Number(process.versions.node.split('.')[0]) >= 24) expect(fits).toBe(true);
  expect(SQLITE).toBe(fits && wanted !== 'package' ? 'node:sqlite' : '@photostructure/sqlite');
});

/** As `own`, with something else about each of its databases. */
function changed(change: (db: Database) => Partial<Database>): typeof own {
  function Changed(path: string): Partial<Database> {
    const db = new own.DatabaseSync(path);
    const methods: Partial<Database> = {
      exec: (sql) => db.exec(sql),
      prepare: (sql) => db.prepare(sql),
      close: () => db.close(),
      serialize: () => db.serialize(),
      deserialize: (bytes) => db.deserialize(bytes),
      isTransaction: false,
    };
    return { ...methods, ...change(db) };
  }
  return { ...own, DatabaseSync: Changed as unknown as typeof own.DatabaseSync };
}

function refuse(text: string): never {
  throw new Error(text);
}

test.each<readonly [string, string | null, typeof own]>([
  ['as it should be', null, changed(() => ({}))],
  ['without a backup', 'backup', { ...own, backup: undefined as unknown as typeof own.backup }],
  [
    'that cannot read a file into memory',
    'deserialize',
    changed(() => ({ deserialize: undefined as unknown as Database['deserialize'] })),
  ],
  [
    'that does not tell transactions',
    'isTransaction',
    changed(() => ({ isTransaction: undefined as unknown as boolean })),
  ],
  [
    'without full-text search',
    'no such module: fts5',
    changed((db) => ({
      exec: (sql) => (sql.includes('fts5') ? refuse('no such module: fts5') : db.exec(sql)),
    })),
  ],
  [
    'whose errors have no codes',
    'error codes',
    changed((db) => ({
      prepare: (sql) => (sql.startsWith('INSERT') ? refuse('constraint failed') : db.prepare(sql)),
    })),
  ],
  ['that cannot be opened', 'no memory', changed(() => refuse('no memory'))],
])('one %s', (_, lack, module) => {
  expect(findLack(module)).toBe(lack);
});
