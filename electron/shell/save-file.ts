import { randomUUID } from 'node:crypto';
import { requestError, RequestError, type PlainCode } from '../../protocol/failures.ts';
import { replaceFile } from '../ports/replace-file.ts';

const CODES: Readonly<Record<string, PlainCode>> = {
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
 * not there at all (an older one of its name then stays). Readable to this user alone. Rejects with a RequestError where the disk refuses.
 */
export async function saveWhole(
  path: string,
  write: (put: (text: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  const fresh = `${path}.${randomUUID().slice(0, 8)}.part`;
  try {
    await replaceFile(path, (file) => write((text) => file.appendFile(text, 'utf8')), {
      fresh,
      overFresh: false,
    });
  } catch (error) {
    throw toSaveError(error);
  }
}

/** The disk's errors by code, without the path, which the person knows; all others as they are. */
export function toSaveError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return error;
  const reason = String(error.code);
  const code = CODES[reason];
  if (code !== undefined) return requestError(code, reason);
  return new RequestError({ code: 'fileOther', params: { reason }, detail: '' });
}
