import { RequestError } from '../../../protocol/failures.ts';
import { LedgerError, type LedgerErrorCode } from '../types.ts';

/** https://www.sqlite.org/rescode.html: the primary code is the low byte of the extended one. */
const CODES: Readonly<Record<number, Exclude<LedgerErrorCode, 'closed'>>> = {
  3: 'read_only', // SQLITE_PERM
  5: 'locked', // SQLITE_BUSY
  6: 'locked', // SQLITE_LOCKED
  8: 'read_only', // SQLITE_READONLY
  11: 'corrupt', // SQLITE_CORRUPT
  13: 'disk_full', // SQLITE_FULL
  14: 'read_only', // SQLITE_CANTOPEN
  26: 'corrupt', // SQLITE_NOTADB
};

/** Extended codes that say more than their primary one. */
const EXTENDED: typeof CODES = {
  // The shared memory file cannot grow: at less than 32 KiB of room nothing can be opened.
  4874: 'disk_full', // SQLITE_IOERR_SHMSIZE
};

/** Any error as one with a code. */
export function toLedgerError(error: unknown): LedgerError {
  if (error instanceof LedgerError) return error;
  if (error instanceof RequestError) return new LedgerError('unknown', error.failure);
  const message = error instanceof Error ? error.message : String(error);
  return new LedgerError(codeOf(error), message.slice(0, 200));
}

/** SQLITE_ERROR (an integer overflow), TOOBIG, CONSTRAINT, MISMATCH, RANGE. */
const OF_CONTENT: ReadonlySet<number> = new Set([1, 18, 19, 20, 25]);
const OUT_OF_BOUNDS: ReadonlySet<unknown> = new Set([
  'ERR_OUT_OF_RANGE',
  'ERR_INVALID_ARG_TYPE',
  'ERR_INVALID_ARG_VALUE',
]);

/** Whether a write failed because of what was to be written, and not because of the file, the disk or the thread. */
export function isOfContent(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof RequestError) return false;
  const errcode: unknown = 'errcode' in error ? error.errcode : undefined;
  if (typeof errcode === 'number') return OF_CONTENT.has(errcode & 0xff);
  return !('code' in error) || OUT_OF_BOUNDS.has(error.code);
}

function codeOf(error: unknown): Exclude<LedgerErrorCode, 'closed'> {
  if (typeof error !== 'object' || error === null) return 'unknown';
  const errcode: unknown = 'errcode' in error ? error.errcode : undefined;
  if (typeof errcode === 'number') return EXTENDED[errcode] ?? CODES[errcode & 0xff] ?? 'unknown';
  const code: unknown = 'code' in error ? error.code : undefined;
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return 'read_only';
  if (code === 'ENOSPC') return 'disk_full';
  return 'unknown';
}
