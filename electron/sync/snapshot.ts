import type { Ledger } from '../ledger/types.ts';
import type { SnapshotOutcome } from '../ledger/ingest.ts';
import type { Clock } from '../ports/clock.ts';
import { ApiError } from './api.ts';
import type { Api } from './api.ts';
import { createPaging } from './paging.ts';

export interface SnapshotDependencies {
  readonly api: Api;
  readonly ledger: Ledger;
  readonly accountId: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told after each page: contracts so far and in all, null where the server does not tell. */
  onProgress?(done: number, total: number | null): void;
}

/** A server that forgets its pages faster than we can read them must not keep us here. */
const MAX_RESTARTS = 5;

/**
 * Reads all pages of one snapshot into the ledger and applies it. Page one fixes `asOf`; 410 begins again.
 * Rejects with ApiError; nothing is applied then.
 */
export async function takeSnapshot(deps: SnapshotDependencies): Promise<SnapshotOutcome> {
  for (let restarts = 0; ; restarts += 1) {
    try {
      await stagePages(deps);
      return await deps.ledger.finishSnapshot(deps.accountId, deps.clock.now());
    } catch (error) {
      if (!(error instanceof ApiError) || error.kind !== 'gone' || restarts === MAX_RESTARTS) throw error;
    }
  }
}

async function stagePages(deps: SnapshotDependencies): Promise<void> {
  const { api, ledger, accountId, signal } = deps;
  const paging = createPaging('the snapshot', deps.clock);
  let next: string | null = null;
  let done = 0;
  do {
    const page = await api.snapshotPage(next, signal);
    if (next === null) await ledger.beginSnapshot(accountId, { asOf: page.asOf, at: page.at });
    await ledger.stageSnapshot(accountId, page.contracts, page.unreadable);
    done += page.contracts.length + page.unreadable.length;
    deps.onProgress?.(done, page.total);
    next = paging.next(page, page.contracts.length + page.unreadable.length);
  } while (next !== null);
}
