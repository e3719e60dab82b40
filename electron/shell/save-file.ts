import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { failureText, type Failure } from '../../protocol/failures.ts';

const REASONS: Readonly<Record<string, Failure>> = {
  ENOSPC: 'fileFull',
  EDQUOT: 'fileFull',
  EACCES: 'fileForbidden',
  EPERM: 'fileForbiddenOrBusy',
  EBUSY: 'fileBusy',
  EROFS: 'fileReadOnly',
  ENOENT: 'fileNoFolder',
  EISDIR: 'fileIsFolder',
  ENAMETOOLONG: 'fileName',
};

/**
 * Makes the file from what `write` puts, piece by piece: under another name beside it, then renamed, so that it is whole or
 * not there at all (an older one of its name then stays). Readable to this user alone. Rejects with an Error that is safe to show.
 */
export async function saveWhole(
  path: string,
  write: (put: (text: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  const partial = `${path}.${randomUUID().slice(0, 8)}.part`;
  try {
    const file = await open(partial, 'wx', 0o600);
    try {
      await write((text) => file.appendFile(text, 'utf8'));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw toShown(error);
  }
}

/** The disk's errors in words, without the path, which the person knows; all others as they are. */
function toShown(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return error;
  const code = String(error.code);
  return new Error(failureText(REASONS[code] ?? 'fileOther', code));
}
