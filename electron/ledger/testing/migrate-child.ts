import { openDatabase } from '../storage/database.ts';
import type { Migration } from '../storage/migrations.ts';
import { LATER_MIGRATIONS, NEXT } from './later-migrations.ts';
import { START } from './make.ts';

/** Migrates the file of its argument and stops for ever in the middle of the second made-up version, to be killed there. */
const [, , path] = process.argv;
const stopping: readonly Migration[] = LATER_MIGRATIONS.map((migration) =>
  migration.version === NEXT + 1
    ? {
        version: migration.version,
        up(db) {
          migration.up(db);
          process.send?.('inside');
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
        },
      }
    : migration,
);
openDatabase(path ?? '', START, stopping);
