import { LedgerError, type LedgerErrorCode } from './types.ts';

/** https://www.sqlite.org/rescode.html: the primary code is the low byte of the extended one. */
const CODES: Readonly<Record<number, LedgerErrorCode>> = {
  3: 'read_only', // SQLITE_PERM
  5: 'locked', // SQLITE_BUSY
  6: 'locked', // SQLITE_LOCKED
  8: 'read_only', // SQLITE_READONLY
  11: 'corrupt', // SQLITE_CORRUPT
  13: 'disk_full', // SQLITE_FULL
  14: 'read_only', // SQLITE_CANTOPEN
  26: 'corrupt', // SQLITE_NOTADB
};

const REMEDY: Readonly<Record<LedgerErrorCode, string>> = {
  corrupt: 'The file is set aside, not deleted; what the server still keeps is fetched again.',
  newer_version: 'The file is left untouched; install the newer version of this app to use it.',
  read_only: 'Nothing was changed; allow writing to the file and its folder.',
  locked: 'Nothing was changed; close the other instance of this app.',
  disk_full: 'Nothing was changed; free some space, and it goes on from there.',
  unknown: 'Nothing was changed.',
  closed: 'It was closed before.',
};

/** Any error as one that says what happened, what is safe and what to do. */
export function toLedgerError(error: unknown): LedgerError {
  if (error instanceof LedgerError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = codeOf(error);
  return new LedgerError(code, `${message.slice(0, 300)}. ${REMEDY[code]}`);
}

function codeOf(error: unknown): LedgerErrorCode {
  if (typeof error !== 'object' || error === null) return 'unknown';
  const errcode: unknown = 'errcode' in error ? error.errcode : undefined;
  if (typeof errcode === 'number') return CODES[errcode & 0xff] ?? 'unknown';
  const code: unknown = 'code' in error ? error.code : undefined;
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return 'read_only';
  if (code === 'ENOSPC') return 'disk_full';
  return 'unknown';
}
