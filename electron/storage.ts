import { rename, stat } from 'node:fs/promises';
import type { StorageProblem } from '../protocol/ipc.ts';
import type { World } from './core-types.ts';
import { openLedger } from './ledger/open-ledger.ts';
import { LedgerError } from './ledger/types.ts';
import type { Ledger } from './ledger/types.ts';

/** The ledger in use and what is wrong with it. */
export interface Storage {
  ledger(): Ledger;
  /** Trouble with writing now, or else what was wrong when it was opened. */
  problem(): StorageProblem | null;
  /** Writing failed (a problem) or works again (null). */
  setTrouble(problem: StorageProblem | null): void;
  setTroubleOf(error: unknown): void;
  /**
   * Sets the present file aside under a new name, never deletes it, and opens a fresh one. Throws a clear Error where
   * that is no remedy. The caller has closed everything that uses the ledger.
   */
  startFresh(): Promise<void>;
  close(): Promise<void>;
}

export async function openStorage(
  world: Pick<World, 'ledgerPath' | 'workerUrl' | 'clock' | 'log'>,
  onProblem: (problem: StorageProblem | null) => void,
): Promise<Storage> {
  const open = (): Promise<Ledger> =>
    openLedger({ path: world.ledgerPath, workerUrl: world.workerUrl, now: world.clock.now });
  let ledger = await open();
  let trouble: StorageProblem | null = null;
  const problem = (): StorageProblem | null => trouble ?? ledger.problem;

  function setTrouble(next: StorageProblem | null): void {
    if (JSON.stringify(next) === JSON.stringify(trouble)) return;
    if (next !== null) world.log.warn(`storage: ${next.code}: ${next.detail}`);
    trouble = next;
    onProblem(problem());
  }

  return {
    ledger: () => ledger,
    problem,
    setTrouble,
    setTroubleOf(error) {
      const code = error instanceof LedgerError && error.code !== 'closed' ? error.code : 'unknown';
      const detail = error instanceof Error ? error.message : String(error);
      setTrouble({ code, inMemory: false, setAsideAt: null, detail });
    },
    async startFresh() {
      checkRemedy(problem());
      await ledger.close();
      await setAside(world.ledgerPath, world.clock.now());
      ledger = await open();
      trouble = null;
      onProblem(problem());
    },
    close: () => ledger.close(),
  };
}

/** Throws where a fresh file would help nothing or harm another copy of the app. */
export function checkRemedy(problem: StorageProblem | null): void {
  if (problem === null) throw new Error('The stored history is in order. Nothing was changed.');
  if (problem.code === 'locked') {
    throw new Error('Another copy of the app uses the stored history. Close it and start again.');
  }
  if (problem.code === 'disk_full') {
    throw new Error('The disk is full. Make room; the app goes on by itself and nothing is lost.');
  }
  if (problem.code === 'read_only') {
    throw new Error(
      'The stored history cannot be written. Give the app the right to write there and start again.',
    );
  }
}

async function setAside(path: string, now: number): Promise<void> {
  const stamp = new Date(now).toISOString().replaceAll(/[:.]/g, '-');
  for (const suffix of ['', '-wal', '-shm']) {
    const there = await stat(path + suffix).catch(() => null);
    if (there) await rename(path + suffix, `${path}.set-aside-${stamp}${suffix}`);
  }
}
