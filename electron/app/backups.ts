import { randomUUID } from 'node:crypto';
import { chmod, constants, copyFile, open, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { remedyOf, type BackupResult, type ChosenBackup, type RestoreResult } from '../../protocol/ipc.ts';
import { requestError, RequestError, type PlainCode } from '../../protocol/failures.ts';
import { localDay } from '../export/export.ts';
import type { AccountKey, BackupContent } from '../ledger/types.ts';
import { LedgerError } from '../ledger/types.ts';
import { openLedger } from '../ledger/worker/open-ledger.ts';
import { removeFile, renameFile, syncFolder } from '../ports/replace-file.ts';
import type { CoreDependencies } from './core-types.ts';
import { copyOf } from './restore-file.ts';
import type { Storage } from './storage.ts';

/** Backups of the ledger: one file each. The window asks for them; which file it is, only main knows. */
export interface Backups {
  /** Asks where to. Rejects with a clear Error where it could not be made; then there is no file. */
  make(): Promise<BackupResult>;
  /** Asks for a file, copies it and looks into it. Rejects with a clear Error where it is no backup of this account. */
  choose(): Promise<ChosenBackup | null>;
  /** Puts the chosen one in the place of the stored history; the choice is spent by it. Rejects with a clear Error. */
  restore(): Promise<RestoreResult>;
  /** Nothing is chosen any more. */
  drop(): Promise<void>;
}

export interface BackupsOptions {
  readonly deps: Pick<CoreDependencies, 'clock' | 'ledgerPath' | 'workerUrl' | 'saveCopy' | 'chooseFile'>;
  readonly storage: Pick<Storage, 'ledger' | 'problem' | 'restore'>;
  /** Of who is signed in; throws a clear Error while nobody is. */
  key(): AccountKey;
  /** Apart from whatever else changes who is followed, or from which file. */
  inTurn<T>(run: () => Promise<T>): Promise<T>;
  /** While nothing uses the ledger; then the account is followed from what is in it. */
  withoutFollowing<T>(run: () => Promise<T>): Promise<T>;
}

export const BACKUP_EXTENSION = 'pulsebackup';

const FILE_CODES: Readonly<Partial<Record<LedgerError['code'], PlainCode>>> = {
  disk_full: 'fileFull',
  read_only: 'fileForbidden',
};

export function createBackups(options: BackupsOptions): Backups {
  const { deps, storage, inTurn } = options;
  const copy = copyOf(deps.ledgerPath);
  /** Who has chosen the copy that lies there; null: nobody. */
  let chosenBy: AccountKey | null = null;

  async function isLedgerItself(path: string): Promise<boolean> {
    const [theirs, ...ours] = await Promise.all(
      [path, ...['', '-wal', '-shm'].map((suffix) => deps.ledgerPath + suffix), copy].map((each) =>
        stat(each, { bigint: true }).catch(() => null),
      ),
    );
    return ours.some((each) => each !== null && each.ino === theirs?.ino && each.dev === theirs.dev);
  }

  /** Under another name until it is whole; readable to this user alone. */
  async function writeTo(path: string): Promise<void> {
    if (await isLedgerItself(path)) throw requestError('backupInUse');
    const partial = `${path}.${randomUUID().slice(0, 8)}.part`;
    await (await open(partial, 'wx', 0o600)).close();
    try {
      await storage.ledger().backup(partial);
      await renameFile(partial, path);
      await syncFolder(dirname(path));
    } catch (error) {
      await removeFile(partial).catch(() => undefined);
      throw error instanceof LedgerError ? toFileError(error) : error;
    }
  }

  async function takeCopy(path: string): Promise<void> {
    if (await isLedgerItself(path)) throw requestError('restoreInUse');
    try {
      await removeFile(copy);
      await copyFile(path, copy, constants.COPYFILE_FICLONE);
      await chmod(copy, 0o600);
    } catch (error) {
      const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
      throw requestError(
        reason === 'ENOSPC' || reason === 'EDQUOT' ? 'restoreFull' : 'restoreUnreadable',
        reason,
      );
    }
  }

  /** In a thread of its own: a large file takes seconds, and the one at work must not wait for it. */
  async function inspect(): Promise<BackupContent> {
    const aside = await openLedger({ path: ':memory:', workerUrl: deps.workerUrl, now: deps.clock.now });
    try {
      return await aside.inspectBackup(copy);
    } catch (error) {
      if (error instanceof LedgerError && error.code === 'disk_full') throw requestError('restoreFull');
      throw requestError('restoreUnreadable', error instanceof Error ? error.message : '');
    } finally {
      await aside.close();
    }
  }

  async function drop(): Promise<void> {
    chosenBy = null;
    await removeFile(copy);
  }

  async function take(path: string): Promise<ChosenBackup> {
    const key = options.key();
    await drop();
    await takeCopy(path);
    try {
      const { contracts, events, lastSignAt } = ownOf(await inspect(), key);
      const others = (await storage.ledger().accounts()).length - 1;
      chosenBy = key;
      return { name: basename(path), at: lastSignAt, contracts, events, others: Math.max(0, others) };
    } catch (error) {
      await drop();
      throw error;
    }
  }

  return {
    async make() {
      if (storage.problem()?.inMemory === true) throw requestError('backupNoHistory');
      const name = `contract-pulse-${localDay(deps.clock.now())}.${BACKUP_EXTENSION}`;
      const path = await deps.saveCopy(name, writeTo);
      return path === null ? { saved: false } : { saved: true, path, bytes: (await stat(path)).size };
    },
    async choose() {
      options.key();
      const path = await deps.chooseFile(BACKUP_EXTENSION);
      return path === null ? null : inTurn(() => take(path));
    },
    restore: () =>
      inTurn(async () => {
        const key = options.key();
        const remedy = remedyOf(storage.problem());
        if (remedy !== 'historyFine' && remedy !== 'start_fresh' && remedy !== 'dismiss')
          throw requestError(remedy);
        if (chosenBy === null || !isSame(chosenBy, key)) throw requestError('restoreGone');
        chosenBy = null;
        return { notSent: await options.withoutFollowing(() => storage.restore(key)) };
      }),
    drop: () => inTurn(drop),
  };
}

/** Why the copy could not be made, in the words for files; the ledger itself is in order. */
function toFileError({ code, failure }: LedgerError): RequestError {
  const known = FILE_CODES[code];
  if (known !== undefined) return requestError(known, failure.detail);
  return new RequestError({ code: 'fileOther', params: { reason: code }, detail: failure.detail });
}

function isSame(one: AccountKey, other: AccountKey): boolean {
  return one.server === other.server && one.userId === other.userId;
}

/** What the backup holds of this account. */
function ownOf(found: BackupContent, key: AccountKey) {
  if (found.kind === 'foreign') throw requestError('restoreNotBackup');
  if (found.kind === 'newer') throw requestError('restoreNewer', `version ${found.version}`);
  if (found.kind === 'damaged') throw requestError('restoreDamaged', found.detail);
  const own = found.accounts.find((each) => isSame(each, key));
  if (own !== undefined) return own;
  const whose = found.accounts
    .slice(0, 3)
    .map(({ userName, server }) => `${userName} (${new URL(server).host})`);
  throw new RequestError({ code: 'restoreOtherAccount', params: { whose: whose.join(', ') }, detail: '' });
}
