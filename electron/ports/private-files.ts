import { chmodSync, closeSync, lstatSync, openSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What this user may do stays; what others may do is taken away. Windows has other means, and its profile folder is private. */
const GROUP_AND_OTHERS = 0o077;

function narrow(path: string, mode: number): void {
  if ((mode & GROUP_AND_OTHERS) !== 0) chmodSync(path, mode & 0o700);
}

/** Nobody else reads what lies in the folder, nor the folder itself: also one that was there before. A link is left as it is. */
export function makePrivate(folder: string): void {
  if (process.platform === 'win32') return;
  quietly(() => narrow(folder, statSync(folder).mode));
  for (const name of listOf(folder)) {
    const path = join(folder, name);
    quietly(() => {
      const found = lstatSync(path);
      if (found.isFile()) narrow(path, found.mode);
    });
  }
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
