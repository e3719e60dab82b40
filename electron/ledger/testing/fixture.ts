import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '../storage/sqlite.ts';
import type { StorageProblem } from '../../../protocol/ipc.ts';
import type { StreamItem } from '../../stream/types.ts';
import { openCore, type CoreOptions, type LedgerCore } from '../worker/core.ts';
import { openDatabase } from '../storage/database.ts';
import type { AppendOutcome, MergeOutcome, SnapshotOutcome, SnapshotContract } from '../ingest.ts';
import type { Reconciled } from '../types.ts';
import { KEY, START } from './make.ts';

/** A ledger on a real file in a folder of its own, without the thread. */
export interface Fixture {
  readonly folder: string;
  readonly path: string;
  readonly accountId: number;
  readonly problems: StorageProblem[];
  core(): LedgerCore;
  append(...items: readonly StreamItem[]): Promise<AppendOutcome>;
  appendAt(now: number, ...items: readonly StreamItem[]): Promise<AppendOutcome>;
  snapshot(
    asOf: string | null,
    items: readonly SnapshotContract[],
    now?: number,
    isWhole?: boolean,
  ): Promise<SnapshotOutcome>;
  history(
    contractId: string,
    envelopes: readonly unknown[],
    now?: number,
    isTold?: boolean,
  ): Promise<MergeOutcome>;
  settle(now?: number): Promise<Reconciled>;
  close(): void;
  reopen(): Promise<void>;
  /** Runs SQL on the file while the ledger is closed. */
  query<T>(sql: string, ...values: readonly (string | number)[]): T[];
  dispose(): void;
}

export function openTestCore(
  path: string,
  problems: StorageProblem[] = [],
  open: CoreOptions['open'] = openDatabase,
): LedgerCore {
  return openCore({
    open,
    path,
    now: () => START,
    elapsed: () => performance.now(),
    yieldToUrgent: () => Promise.resolve(),
    onProblem: (problem) => problems.push(problem),
  });
}

export async function openFixture(): Promise<Fixture> {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  const path = join(folder, 'ledger.db');
  const problems: StorageProblem[] = [];
  let core = openTestCore(path, problems);
  const { accountId } = await core.account(KEY);

  return {
    folder,
    path,
    accountId,
    problems,
    core: () => core,
    append: async (...items) => core.append(accountId, items, START),
    appendAt: async (now, ...items) => core.append(accountId, items, now),
    async snapshot(asOf, items, now = START, isWhole = true) {
      await core.beginSnapshot(accountId, { asOf, at: new Date(now).toISOString() });
      await core.stageSnapshot(accountId, items);
      return core.finishSnapshot(accountId, now, isWhole);
    },
    history: async (contractId, envelopes, now = START, isTold = true) =>
      core.mergeHistory(
        accountId,
        contractId,
        envelopes.map((event) => JSON.stringify(event)),
        now,
        isTold,
      ),
    settle: async (now = START) =>
      core.reconcileGaps(accountId, { now, nextAttemptAt: now + 60_000, note: 'tried' }),
    close: () => core.close(),
    async reopen() {
      core.close();
      core = openTestCore(path, problems);
      await core.account(KEY);
    },
    query<T>(sql: string, ...values: readonly (string | number)[]): T[] {
      core.close();
      const db = new DatabaseSync(path);
      try {
        return db.prepare(sql).all(...values) as T[];
      } finally {
        db.close();
        core = openTestCore(path, problems);
      }
    },
    dispose() {
      core.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
