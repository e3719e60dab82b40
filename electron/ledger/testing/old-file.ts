import { readFileSync } from 'node:fs';
import { DatabaseSync } from '@photostructure/sqlite';

/**
 * Writes a file as that version of the app left it, from a script that was made by that version and is never edited:
 * today's code could not make one.
 */
export function makeOldFile(path: string, version: number): void {
  const script = readFileSync(new URL(`./files/version-${version}.sql`, import.meta.url), 'utf8');
  const db = new DatabaseSync(path);
  db.exec('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;');
  db.exec(`BEGIN; ${script} COMMIT;`);
  db.close();
}
