import { parsePosition } from '../../protocol/cursor.ts';
import type { Ledger } from '../ledger/types.ts';
import type { SnapshotOutcome } from '../ledger/ingest.ts';
import type { Clock } from '../ports/clock.ts';
import { ApiError } from './api.ts';
import type { Api } from './api.ts';
import type { SnapshotRead } from './pages.ts';
import { createPaging, digestOf } from './paging.ts';

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
/** One whose pages do not fit together may have been changed meanwhile, or is several replicas: it is read so often more. */
const MAX_REREADS = 2;

/**
 * Reads all pages of one snapshot into the ledger and applies it. Page one fixes `asOf`; 410 begins again. One that is not whole, by
 * its own `total` or by pages of different logs, is shown in the end, and proves nothing.
 * Rejects with ApiError; nothing is applied then.
 */
export async function takeSnapshot(deps: SnapshotDependencies): Promise<SnapshotOutcome> {
  for (let restarts = 0; ; restarts += 1) {
    try {
      const isWhole = await stagePages(deps);
      if (!isWhole && restarts < MAX_REREADS) continue;
      return await deps.ledger.finishSnapshot(deps.accountId, deps.clock.now(), isWhole);
    } catch (error) {
      if (!(error instanceof ApiError) || error.kind !== 'gone' || restarts === MAX_RESTARTS) throw error;
    }
  }
}

/** False: they are not the whole list. */
async function stagePages(deps: SnapshotDependencies): Promise<boolean> {
  const { api, ledger, accountId, signal } = deps;
  const paging = createPaging('the snapshot', deps.clock);
  let next: string | null = null;
  let first: SnapshotRead | null = null;
  const listed = new Set<string>();
  const unreadable = new Set<string>();
  let done = 0;
  let fits = true;
  do {
    const page = await api.snapshotPage(next, signal);
    if (first === null) await ledger.beginSnapshot(accountId, { asOf: page.asOf, at: page.at });
    first ??= page;
    fits &&= isOfLog(page.asOf, first.asOf);
    const before = listed.size + unreadable.size;
    for (const { contract } of page.contracts) listed.add(contract.id);
    for (const { text } of page.unreadable) unreadable.add(digestOf(text));
    const inAll = listed.size + unreadable.size;
    await ledger.stageSnapshot(accountId, page.contracts, page.unreadable);
    done += page.contracts.length + page.unreadable.length;
    deps.onProgress?.(done, page.total);
    // A server that knows no pages answers with the same one again.
    const isAgain = page.contracts.length > 0 && inAll === before;
    if (isAgain && first.total !== null && inAll >= first.total) break;
    next = paging.next(page, inAll - before);
  } while (next !== null);
  return fits && listed.size + unreadable.size >= (first.total ?? 0);
}

/** Whether a page holds all that the first one's `asOf` promises. A later page may be newer, or not say it again. */
function isOfLog(asOf: string | null, first: string | null): boolean {
  if (asOf === null || first === null || asOf === first) return true;
  const [one, begun] = [parsePosition(asOf), parsePosition(first)];
  return one?.epoch === begun?.epoch && (one?.sequence ?? 0) >= (begun?.sequence ?? Infinity);
}
