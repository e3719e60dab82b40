import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * What Windows answers while a virus scanner, an indexer or a backup looks into a file that was just written: over in tens of
 * milliseconds, mostly (https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-movefileexw says nothing of it).
 */
const HELD: ReadonlySet<unknown> = new Set(['EPERM', 'EBUSY', 'EACCES']);
/** Waits between the tries, ms; 1.9 s together. */
const WAITS_MS = [20, 40, 80, 160, 320, 640, 640];
/** As above, for the app's main thread, which nothing else can use meanwhile: 140 ms together. */
const SHORT_WAITS_MS = [20, 40, 80];

const isHeld = (error: unknown): boolean => error instanceof Error && 'code' in error && HELD.has(error.code);

async function patiently<T>(run: () => Promise<T>): Promise<T> {
  for (const ms of WAITS_MS) {
    try {
      return await run();
    } catch (error) {
      if (!isHeld(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
  }
  return run();
}

function patientlySync(run: () => void, waits: readonly number[]): void {
  for (const ms of waits) {
    try {
      run();
      return;
    } catch (error) {
      if (!isHeld(error)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
    }
  }
  run();
}

/** As `rename`; one that is refused because somebody holds the file is tried again for about two seconds. */
export function renameFile(from: string, to: string): Promise<void> {
  return patiently(() => rename(from, to));
}

/** Removes the file; none there is as well. Tried again as `renameFile` is. */
export function removeFile(path: string): Promise<void> {
  return patiently(() => rm(path, { force: true }));
}

/** For the ledger's thread, which may wait; blocks it for about two seconds at most. */
export function renameFileSync(from: string, to: string): void {
  patientlySync(() => renameSync(from, to), WAITS_MS);
}

/** For the main thread at its end, when nothing can come later: blocks it for 140 ms at most. */
export function renameFileBriefly(from: string, to: string): void {
  patientlySync(() => renameSync(from, to), SHORT_WAITS_MS);
}

/** As `removeFile`, for the main thread: blocks it for 140 ms at most. */
export function removeFileBriefly(path: string): void {
  patientlySync(() => rmSync(path, { force: true }), SHORT_WAITS_MS);
}

/** As `replaceFile`, for the main thread at its end, and without waiting for the disk: a torn one is worth nothing but a default. */
export function replaceFileBriefly(path: string, text: string): void {
  const fresh = `${path}.new`;
  rmSync(fresh, { force: true });
  writeFileSync(fresh, text, { mode: 0o600, flag: 'wx' });
  renameFileBriefly(fresh, path);
}

export interface ReplaceOptions {
  /** Where the new content is written first; default `PATH.new`. Beside the file: a rename cannot leave its disk. */
  readonly fresh?: string;
  /** False where the fresh file must not be there yet; default true. */
  readonly overFresh?: boolean;
}

/**
 * The file has its new content, all of it and on the disk (fsync, and of its folder), or is as it was. Readable to this
 * user alone. A fresh file that could not take the old one's place is removed.
 */
export async function replaceFile(
  path: string,
  write: (file: FileHandle) => Promise<unknown>,
  { fresh = `${path}.new`, overFresh = true }: ReplaceOptions = {},
): Promise<void> {
  // Made anew, never opened: what lies there could be somebody's link to another file, or readable to others.
  if (overFresh) await removeFile(fresh);
  const file = await patiently(() => open(fresh, 'wx', 0o600));
  try {
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await renameFile(fresh, path);
  } catch (error) {
    await removeFile(fresh).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Makes a rename or removal in the folder durable; Windows has no such thing and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
