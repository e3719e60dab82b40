import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { DatabaseSync } from '../storage/sqlite.ts';

const FILES = new URL('./files/', import.meta.url);

/**
 * Writes a file as that version of the app left it, from a script that was made by that version and is never edited:
 * today's code could not make one.
 */
export function makeOldFile(path: string, version: number): void {
  const script = readFileSync(new URL(`version-${version}.sql`, FILES), 'utf8');
  const db = new DatabaseSync(path);
  db.exec('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;');
  db.exec(`BEGIN; ${script} COMMIT;`);
  db.close();
}

/** A lived-in ledger (lived-in.ts) as that version of the app left it. */
export interface EarlierLedger {
  /** `3`; `2a` for a form that a version had for some hours before the one that stayed. */
  readonly name: string;
  readonly version: number;
}

export const EARLIER_LEDGERS: readonly EarlierLedger[] = readdirSync(FILES)
  .flatMap((file) => {
    const [, name, version] = /^ledger-((\d+)[a-z]?)\.db\.gz$/.exec(file) ?? [];
    return name === undefined ? [] : { name, version: Number(version) };
  })
  .toSorted((a, b) => a.version - b.version || (a.name < b.name ? -1 : 1));

export function unpackLedger(path: string, { name }: EarlierLedger): void {
  writeFileSync(path, gunzipSync(readFileSync(new URL(`ledger-${name}.db.gz`, FILES))));
}
