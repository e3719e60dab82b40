import { latestVersion, MIGRATIONS, type Migration } from '../storage/migrations.ts';

/** The first made-up version. */
export const NEXT = latestVersion() + 1;

/** The versions as they are, and three made-up later ones: a column, a rebuilt table, changed content. */
export const LATER_MIGRATIONS: readonly Migration[] = [
  ...MIGRATIONS,
  {
    version: NEXT,
    up(db) {
      db.exec(`ALTER TABLE event ADD COLUMN later TEXT NOT NULL DEFAULT 'first'`);
    },
  },
  {
    version: NEXT + 1,
    up(db) {
      db.exec(`
        CREATE TABLE foreign_name_next (account_id INTEGER NOT NULL, name TEXT NOT NULL, count INTEGER NOT NULL,
          first_at INTEGER, PRIMARY KEY (account_id, name)) STRICT, WITHOUT ROWID;
        INSERT INTO foreign_name_next SELECT account_id, name, count, NULL FROM foreign_name;
        DROP TABLE foreign_name;
        ALTER TABLE foreign_name_next RENAME TO foreign_name;
      `);
    },
  },
  {
    version: NEXT + 2,
    up(db) {
      db.exec(`UPDATE event SET later = 'second'`);
    },
  },
];
