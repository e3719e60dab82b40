import { chmodSync, closeSync, lstatSync, openSync, readdirSync, statSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { renameFileBriefly } from './replace-file.ts';

/** What this user may do stays; what others may do is taken away. Windows has other means, and its profile folder is private. */
const GROUP_AND_OTHERS = 0o077;

function narrow(path: string, mode: number): void {
  if ((mode & GROUP_AND_OTHERS) !== 0) chmodSync(path, mode & 0o700);
}

/** Belongs to another user, in a folder of ours. Where owners are not told apart (some network disks) the folder is not ours either. */
export function isPlanted(entry: Pick<Stats, 'uid'>, folder: Pick<Stats, 'uid'>, own: number): boolean {
  return folder.uid === own && entry.uid !== own && entry.uid !== 0;
}

/**
 * Nobody else reads what lies in the folder, nor the folder itself: also one that was there before. A link of this user's is left as it
 * is. What another user has put there while they could is taken out of the way, under another name: they could read what is written
 * to it, or it leads to a file that is not to be written.
 */
export function makePrivate(
  folder: string,
  isTheirs: (entry: Stats, folder: Stats, own: number) => boolean = isPlanted,
): void {
  if (process.platform === 'win32') return;
  const own = process.getuid?.() ?? 0;
  quietly(() => narrow(folder, statSync(folder).mode));
  for (const name of listOf(folder)) {
    const path = join(folder, name);
    quietly(() => {
      const found = lstatSync(path);
      if (isTheirs(found, statSync(folder), own)) setAside(path);
      else if (found.isFile()) narrow(path, found.mode);
    });
  }
}

const ASIDE = '.of-another-user';

function setAside(path: string): void {
  if (!path.endsWith(ASIDE)) renameFileBriefly(path, path + ASIDE);
}

/**
 * The file is there, empty where it was not, and this user's alone: for a program that would make it for everybody. SQLite gives its
 * journals the rights of their database (https://sqlite.org/src/file/src/os_unix.c, findCreateFileMode).
 */
export function createPrivately(path: string): void {
  if (process.platform === 'win32') return;
  // What cannot be made or changed is judged by whoever opens it.
  quietly(() => closeSync(openSync(path, 'a', 0o600)));
  for (const each of [path, `${path}-wal`, `${path}-shm`, `${path}-journal`])
    quietly(() => narrow(each, statSync(each).mode));
}

function listOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function quietly(run: () => void): void {
  try {
    run();
  } catch {
    // Not there, or not ours.
  }
}
