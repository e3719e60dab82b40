import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { removeFile, renameFile, syncFolder } from '../ports/replace-file.ts';

/*
 * How a backup takes the place of the ledger, so that a process killed at any point has one of both, whole, at its next start:
 * PATH → PATH.replacing, PATH.restoring → PATH, and once that is open and in order PATH.replacing → PATH.before-restore.
 * While there is a PATH.replacing, that is the ledger. A journal goes after its file and comes back before it, so one that
 * lies there alone belongs to a file that has gone on. A journal beside a file that is not its own would spoil it.
 */

/** Where a backup that was chosen lies until it is restored. */
export function copyOf(path: string): string {
  return `${path}.restoring`;
}

/** The ledger that the last restore has replaced. */
export function replacedOf(path: string): string {
  return `${path}.before-restore`;
}

const replacingOf = (path: string): string => `${path}.replacing`;

const isThere = async (path: string): Promise<boolean> => (await stat(path).catch(() => null)) !== null;

async function remove(path: string): Promise<void> {
  for (const suffix of ['-wal', '-shm', '']) await removeFile(path + suffix);
}

/** What there is of it. */
async function move(from: string, to: string, suffixes: readonly string[]): Promise<void> {
  for (const suffix of suffixes) {
    if (await isThere(from + suffix)) await renameFile(from + suffix, to + suffix);
  }
  await syncFolder(dirname(to));
}

const GOING = ['', '-wal'];
const COMING_BACK = ['-wal', ''];

/** At the start: ends what a killed process had begun. */
export async function recoverRestore(path: string): Promise<void> {
  await remove(copyOf(path));
  await putBack(path);
  await move(replacingOf(path), replacedOf(path), ['-wal']);
}

async function putBack(path: string): Promise<void> {
  const replacing = replacingOf(path);
  if (!(await isThere(replacing))) return;
  if (await isThere(path)) await remove(path);
  await move(replacing, path, COMING_BACK);
}

/**
 * Puts the copy in the place of the closed ledger and lets `use` open it, which calls `commit` once it is in order and closes it
 * where that fails. Then everything is as it was, and it rejects with the reason. The ledger that was replaced stays until
 * the next restore.
 */
export async function swapLedger<T>(
  path: string,
  use: (commit: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const [copy, replacing, replaced] = [copyOf(path), replacingOf(path), replacedOf(path)];

  async function commit(): Promise<void> {
    await remove(replaced);
    await move(replacing, replaced, ['']);
    // It is done; what fails now is made up for at the next start.
    await move(replacing, replaced, ['-wal']).catch(() => undefined);
  }

  try {
    await stat(copy);
    await move(path, replacing, GOING);
    await move(copy, path, ['']);
    return await use(commit);
  } catch (error) {
    await putBack(path);
    throw error;
  } finally {
    await remove(copy);
  }
}
