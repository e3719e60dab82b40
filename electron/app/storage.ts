import { stat } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { requestError } from '../../protocol/failures.ts';
import type { StorageProblem } from '../../protocol/ipc.ts';
import type { CoreDependencies } from './core-types.ts';
import { openLedger } from '../ledger/worker/open-ledger.ts';
import { LedgerError } from '../ledger/types.ts';
import type { AccountKey, KeptAccount, Ledger, RestoredAccount } from '../ledger/types.ts';
import { removeFile, renameFile } from '../ports/replace-file.ts';
import { recoverRestore, swapLedger } from './restore-file.ts';

/** The ledger in use and what is wrong with it. */
export interface Storage {
  ledger(): Ledger;
  /** Failure with writing now, or else what was wrong with the file. */
  problem(): StorageProblem | null;
  /** Writing failed (a problem) or works again (null). */
  setFailure(problem: StorageProblem | null): void;
  setFailureOf(error: unknown): void;
  /** A damaged file was set aside already and a fresh one is in use: the person has seen it. */
  dismiss(): void;
  /**
   * Sets the present file aside under a new name, never deletes it, and opens a fresh one. The caller has asked
   * `remedyOf` and closed everything that uses the ledger.
   */
  startFresh(): Promise<void>;
  /**
   * Puts the copy of a backup (`copyOf`) in the ledger's place. `key`: who restores it. The caller has asked `remedyOf` and closed
   * everything that uses the ledger. Rejects with `restoreFailed` where it cannot be opened; all is as it was then.
   * How many acknowledgements of theirs in it were not confirmed, and are not sent again.
   */
  restore(key: AccountKey): Promise<number>;
  close(): Promise<void>;
}

export interface StorageOptions {
  readonly deps: Pick<CoreDependencies, 'ledgerPath' | 'workerUrl' | 'openLedger' | 'clock' | 'log'>;
  onProblem(problem: StorageProblem | null): void;
  /** Another ledger is in use: a fresh one in a damaged one's place, or the same file after its thread had ended. */
  onReplaced(): void;
}

/** A thread that ends again within this time is not started once more. Ms. */
const RESTART_MS = 10 * 60_000;

export async function openStorage(options: StorageOptions): Promise<Storage> {
  const { deps } = options;
  let lasting: StorageProblem | null = null;
  let failure: StorageProblem | null = null;
  let closed = false;
  /** When the thread was last started again, by the clock that never goes back; null: never. */
  let restartedAt: number | null = null;
  await recoverRestore(deps.ledgerPath).catch((error: unknown) =>
    deps.log.warn(
      `storage: a restore could not be ended: ${error instanceof Error ? error.message : 'unknown'}`,
    ),
  );
  let ledger = await open();

  async function open(): Promise<Ledger> {
    const opened = await (deps.openLedger ?? openLedger)({
      path: deps.ledgerPath,
      workerUrl: deps.workerUrl,
      now: deps.clock.now,
      onProblem(problem) {
        lasting = problem;
        tell();
        options.onReplaced();
      },
      onEnded(error) {
        void restart(error.message);
      },
    });
    lasting = opened.problem;
    if (lasting !== null) deps.log.warn(`storage: ${lasting.code}: ${lasting.detail}`);
    return opened;
  }

  async function openRestored(
    keep: readonly KeptAccount[],
    commit: () => Promise<void>,
  ): Promise<{ readonly opened: Ledger; readonly accounts: readonly RestoredAccount[] }> {
    const restored = await open();
    try {
      if (lasting !== null) throw new Error(`${lasting.code}: ${lasting.detail}`);
      const accounts = await restored.settleRestored(keep, deps.clock.now());
      await commit();
      return { opened: restored, accounts };
    } catch (error) {
      await restored.close();
      // What was set aside of it is a copy of the backup.
      if (lasting?.setAsideAt) await removeFile(lasting.setAsideAt);
      throw error;
    }
  }

  /** The thread ended by itself. A crash that comes again at once would come again for ever: then it stays ended. */
  async function restart(why: string): Promise<void> {
    if (closed) return;
    const now = deps.clock.monotonic();
    const again = restartedAt !== null && now - restartedAt < RESTART_MS;
    restartedAt = now;
    let detail = why;
    let opened = false;
    let found: StorageProblem | null = null;
    try {
      if (!again) {
        ledger = await open();
        opened = true;
        found = lasting;
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      detail = `${why}; not started again: ${reason}`;
    }
    if (closed) {
      if (opened) await ledger.close();
      return;
    }
    lasting = found ?? { code: opened ? 'restarted' : 'ended', inMemory: false, setAsideAt: null, detail };
    tell();
    if (opened) options.onReplaced();
  }

  function problem(): StorageProblem | null {
    return failure ?? lasting;
  }

  function tell(): void {
    const now = problem();
    if (now !== null) deps.log.warn(`storage: ${now.code}: ${now.detail}`);
    options.onProblem(now);
  }

  function setFailure(next: StorageProblem | null): void {
    if (isDeepStrictEqual(next, failure)) return;
    failure = next;
    tell();
  }

  return {
    ledger: () => ledger,
    problem,
    setFailure,
    setFailureOf(error) {
      const code = error instanceof LedgerError && error.code !== 'closed' ? error.code : 'unknown';
      const detail = error instanceof Error ? error.message : String(error);
      setFailure({ code, inMemory: false, setAsideAt: null, detail });
    },
    dismiss() {
      lasting = null;
      tell();
    },
    async startFresh() {
      await ledger.close();
      await setAside(deps.ledgerPath, deps.clock.now());
      failure = null;
      ledger = await open();
      tell();
    },
    async restore(key) {
      const known: readonly KeptAccount[] = await ledger.accounts().catch(() => []);
      // One that has ended by itself is closed.
      await ledger.close().catch(() => undefined);
      let accounts: readonly RestoredAccount[];
      try {
        ({ opened: ledger, accounts } = await swapLedger(deps.ledgerPath, (commit) =>
          openRestored([{ ...key, newestId: null }, ...known], commit),
        ));
      } catch (error) {
        ledger = await open();
        tell();
        throw requestError('restoreFailed', error instanceof Error ? error.message : String(error));
      }
      failure = null;
      tell();
      const { server, userId } = key;
      return accounts.find((each) => each.server === server && each.userId === userId)?.notSent ?? 0;
    },
    close() {
      closed = true;
      return ledger.close();
    },
  };
}

async function setAside(path: string, now: number): Promise<void> {
  const stamp = new Date(now).toISOString().replaceAll(/[:.]/g, '-');
  for (const suffix of ['', '-wal', '-shm']) {
    const there = await stat(path + suffix).catch(() => null);
    if (there) await renameFile(path + suffix, `${path}.set-aside-${stamp}${suffix}`);
  }
}
