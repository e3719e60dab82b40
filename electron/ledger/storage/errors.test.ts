import { expect, test } from 'vitest';
import { toLedgerError } from './errors.ts';

/** As `node:sqlite` throws it: `errcode` is the extended code. */
const thrown = (errcode: number, message = 'disk I/O error') =>
  Object.assign(new Error(message), { code: 'ERR_SQLITE_ERROR', errcode });

test.each([
  [13, 'disk_full'],
  // SQLITE_IOERR_SHMSIZE: with less than 32 KiB left not even the index of the journal finds room, and nothing can be opened.
  [10 | (19 << 8), 'disk_full'],
  // SQLITE_IOERR_READ
  [10 | (1 << 8), 'unknown'],
  [8 | (1 << 8), 'read_only'],
  [11 | (1 << 8), 'corrupt'],
  [5, 'locked'],
])('%i of SQLite is %s', (errcode, code) => {
  expect(toLedgerError(thrown(errcode))).toMatchObject({ code, failure: { detail: 'disk I/O error' } });
});
