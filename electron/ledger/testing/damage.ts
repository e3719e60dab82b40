import { closeSync, openSync, writeSync } from 'node:fs';
import { DatabaseSync } from '../storage/sqlite.ts';

const PAGE = 4096;

/** Overwrites the newest leaf pages of this table in a closed file: found when they are read, not when it is opened. */
export function damageTable(path: string, table: string): void {
  const db = new DatabaseSync(path);
  const pages = db
    .prepare(`SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY pageno DESC LIMIT 50`)
    .all(table) as { pageno: number }[];
  db.close();
  const file = openSync(path, 'r+');
  for (const { pageno } of pages) writeSync(file, Buffer.alloc(PAGE, 170), 0, PAGE, PAGE * (pageno - 1));
  closeSync(file);
}
