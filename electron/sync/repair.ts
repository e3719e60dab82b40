import type { Ledger, Reconciled } from '../ledger/types.ts';
import type { FreshEvent, MergeOutcome, RepairNeed } from '../ledger/ingest.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { ApiError, asApiError, isOfThisAlone } from './api.ts';
import type { Api } from './api.ts';
import { createSleeper, delayBefore } from './delay.ts';
import type { DelayBounds } from './delay.ts';
import { createPaging, digestOf } from './paging.ts';
import { takeSnapshot } from './snapshot.ts';

export interface HistoryDependencies {
  readonly api: Api;
  readonly ledger: Ledger;
  readonly accountId: number;
  readonly clock: Clock;
  /** Contracts whose rows may have changed; null for many. */
  onChanged(contracts: readonly string[] | null): void;
  onFresh(fresh: readonly FreshEvent[]): void;
}

export interface RepairOptions extends HistoryDependencies {
  readonly random: Random;
  readonly log: Log;
  readonly delays: DelayBounds;
  /** Gaps were healed, or an attempt was noted on them. */
  onGaps(outcome: Reconciled): void;
  /** The baseline that could not be had at first is there. */
  onBaseline(): void;
}

export interface Repair {
  /**
   * Something is missing: an attempt at once, or one more after the one under way. `later`: within the pace that the last
   * attempts have come to, because what the server sends unreadable it mostly keeps unreadable. `jumped`: at once where the last
   * attempt knew of no contract to ask for, and the server has nothing else to fetch from.
   */
  due(need?: Exclude<RepairNeed, 'none'>): void;
  /** An attempt now if one is waiting for its time, or one more at once after the one under way (the server is reachable again). */
  retryNow(): void;
  /** In the last attempt that was answered, the server itself said that it has nothing to fetch what is missing from. */
  cannotFetch(): boolean;
  /** When the next attempt is due, client clock, epoch ms; null while one is under way or none is planned. */
  nextAt(): number | null;
  close(): Promise<void>;
}

const HISTORIES_AT_ONCE = 3;
/** Histories asked for in one attempt because of gaps in versions alone. */
const MOST_BY_VERSION = 100;

/**
 * Brings back what is missing, beside the living stream: snapshot, then the histories of contracts with versions
 * missing, then the ledger heals what it can prove. One attempt at a time; again with back-off while gaps stay open or
 * the baseline is missing.
 */
export function createRepair(options: RepairOptions): Repair {
  const { api, ledger, accountId, clock, log } = options;
  const ending = new AbortController();
  const sleeper = createSleeper(clock);
  const resting = createSleeper(clock);
  let running: Promise<void> | null = null;
  let again = false;
  /** Asked for while nothing waited: the attempt of then may have met the failure that is over now. */
  let hurried = false;

  let cannotFetch = false;
  /** It has no history either of any contract that was asked for; without a snapshot only gaps in versions show which to ask for. */
  let withoutHistory = false;
  const hasNothing = (): boolean => cannotFetch && withoutHistory;
  /** Gaps were open at the last attempt, or were found since. */
  let hadGaps = false;

  /** Attempts since something was urgent, and until when those that may wait do so (monotonic ms). */
  let attempt = 0;
  let quietUntil = 0;
  /** What goes on, and until when the server is left alone, whoever hurries (monotonic ms). */
  let doing: 'nothing' | 'asking' | 'resting' | 'waiting' = 'nothing';
  let restUntil = 0;
  /** Contracts whose history could not be had when it was last asked for, the latest at the end. */
  const failed = new Set<string>();
  /** Something that may wait came since the last attempt began. */
  let more = false;
  /** A contract's versions have shown a gap since an attempt last looked for those. */
  let hasJumped = false;

  function due(need: Exclude<RepairNeed, 'none'> = 'now'): void {
    if (need === 'jumped') hasJumped = true;
    const urgent = need === 'now' || isWorthAsking();
    // Where there is nothing to fetch from, no gap makes it worth while to ask. The first one always does: so far there was nothing to ask for.
    if ((urgent || !hadGaps) && !hasNothing()) {
      again = hadGaps = true;
      cannotFetch = false;
      sleeper.wake();
    } else {
      more = true;
    }
    running ??= loop().finally(() => {
      running = null;
      // Asked for after the loop had looked for the last time.
      if ((again || more) && !ending.signal.aborted) due(again ? 'now' : 'later');
    });
  }

  /** The last attempt knew of no contract to ask for, and now there is one. */
  const isWorthAsking = (): boolean => hasJumped && cannotFetch && !withoutHistory;

  /** Resolves when it is time for an attempt; rejects when repair has ended. */
  async function wait(): Promise<void> {
    const rest = quietUntil - clock.monotonic();
    doing = 'waiting';
    if (!again && !hurried && rest > 0) await sleeper.sleep(rest, ending.signal);
    else if (!again && !hurried) attempt = 0;
    if (again) attempt = 0;
    doing = 'asking';
  }

  async function loop(): Promise<void> {
    try {
      await wait();
      while (!ending.signal.aborted) {
        attempt += 1;
        again = hurried = more = false;
        const began = clock.monotonic();
        const drawn = delayBefore(attempt, options.delays, options.random);
        const pace = (): number => (hasNothing() ? options.delays.most : drawn);
        quietUntil = began + pace();
        const open = await attemptOnce(() => {
          const took = clock.monotonic() - began;
          quietUntil = began + pace();
          restUntil = began + 2 * took;
          doing = 'resting';
          return nextAt() ?? clock.now();
        });
        if (open === 'ended') again = more = false;
        if (open === 'ended' || (open === 0 && !again && !more)) return;
        // Gaps that open faster than they heal must not keep the server busy: half of the time at most.
        await resting.sleep(clock.monotonic() - began, ending.signal);
        quietUntil = Math.max(quietUntil, clock.monotonic() + 1);
        await wait();
      }
    } catch {
      // It has ended.
    } finally {
      doing = 'nothing';
    }
  }

  function nextAt(): number | null {
    if (doing === 'nothing' || doing === 'asking') return null;
    const isHurried = again || hurried;
    if (doing === 'waiting' && isHurried) return null;
    const at = Math.max(isHurried ? 0 : quietUntil, doing === 'resting' ? restUntil : 0);
    const rest = at - clock.monotonic();
    return rest > 0 ? Math.ceil(clock.now() + rest) : null;
  }

  /** The number of gaps still open, or `ended` when there is no use in going on. `next`: when the next is due, epoch ms. */
  async function attemptOnce(next: () => number): Promise<number | 'ended'> {
    let note = '';
    try {
      note = await bringBack();
    } catch (error) {
      if (ending.signal.aborted) return 'ended';
      const failure = asApiError(error);
      if (failure.kind === 'signed_out') return 'ended';
      note = failure.message;
      log.warn(`repair: ${note}`);
    }
    try {
      const settled = await ledger.reconcileGaps(accountId, {
        now: clock.now(),
        nextAttemptAt: next(),
        note,
      });
      if (settled.healed > 0) log.info(`repair: ${settled.healed} gaps healed, ${settled.open} open`);
      options.onGaps(settled);
      return settled.open;
    } catch (error) {
      log.warn(`repair: the ledger could not settle: ${error instanceof Error ? error.message : 'unknown'}`);
      return ending.signal.aborted ? 'ended' : 1;
    }
  }

  /** What could not be had, in words for the gap's note; '' when everything came. */
  async function bringBack(): Promise<string> {
    let needHistory: readonly string[] = [];
    let withoutSnapshot: string | null = null;
    let snapshotMissing = false;
    try {
      const snapshot = await takeSnapshot({ api, ledger, accountId, clock, signal: ending.signal });
      needHistory = snapshot.needHistory;
      if (snapshot.baseline) options.onBaseline();
      options.onChanged(null);
    } catch (error) {
      if (!(error instanceof ApiError) || !isOfThisAlone(error)) throw error;
      snapshotMissing = error.kind === 'missing';
      const none = error.kind === 'missing' || error.kind === 'not_own';
      withoutSnapshot = none ? 'the server has no snapshot to prove completeness by' : error.message;
    }
    const missing: string[] = [];
    let answered = 0;
    hasJumped = false;
    const gaps = await ledger.gaps(accountId, 'open');
    hadGaps = gaps.length > 0;
    const ofGaps = gaps.flatMap(({ contractId }) => contractId ?? []);
    // Where no snapshot says whose changes are missing, gaps in the contracts' own versions do.
    if (withoutSnapshot !== null && ofGaps.length < gaps.length)
      needHistory = await ledger.contractsWithGaps(accountId, MOST_BY_VERSION);
    const waiting = inTurn(new Set([...needHistory, ...ofGaps]));
    const workers = Array.from({ length: HISTORIES_AT_ONCE }, async () => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
        const history = await fetchHistory(id);
        if (history !== 'had') missing.push(id);
        if (history !== 'missing') answered += 1;
      }
    });
    await Promise.all(workers);
    if (answered + missing.length > 0) withoutHistory = answered === 0;
    // Where something in between answers, or the server itself fails, nothing is learned.
    if (withoutSnapshot === null || answered > 0) cannotFetch = false;
    else if (snapshotMissing) cannotFetch = true;
    if (isWorthAsking()) due();
    if (withoutSnapshot !== null) return withoutSnapshot;
    return missing.length === 0 ? '' : `no history on the server for ${missing.length} contracts`;
  }

  /** Those whose history could not be had come last, the longest ago first: they must not use up every attempt. */
  function inTurn(contracts: Set<string>): string[] {
    for (const id of failed) if (!contracts.has(id)) failed.delete(id);
    return [...contracts].filter((id) => !failed.has(id)).concat(...failed);
  }

  /** One history that is refused, cannot be read, or goes round in circles, must not cost the others theirs. */
  async function fetchHistory(contractId: string): Promise<'had' | 'missing' | 'unreadable'> {
    failed.delete(contractId);
    try {
      return (await mergeHistoryOf(options, contractId, ending.signal)) !== null ? 'had' : 'missing';
    } catch (error) {
      failed.add(contractId);
      if (!(error instanceof ApiError) || !isOfOne(error)) throw error;
      log.warn(`repair: ${error.message}`);
      return 'unreadable';
    }
  }

  return {
    due,
    retryNow() {
      hurried = true;
      sleeper.wake();
    },
    cannotFetch: () => cannotFetch,
    nextAt,
    async close() {
      ending.abort(new Error('repair ended'));
      await running;
    },
  };
}

/** Whether the answer says something of the one contract only; what a proxy or a failing server says is said of all. */
function isOfOne({ kind, failure }: ApiError): boolean {
  return kind === 'refused' || failure.code === 'content_type';
}

/**
 * Fetches the whole history of one contract into the ledger, page by page, and tells whether a gap showed; null when the server has
 * none. Not `isTold`: what was before is no news, nor what the stream has yet to bring.
 */
export async function mergeHistoryOf(
  deps: HistoryDependencies,
  contractId: string,
  signal: AbortSignal,
  isTold = true,
): Promise<Pick<MergeOutcome, 'openedGap'> | null> {
  const { api, ledger, accountId, clock } = deps;
  let openedGap = false;
  const paging = createPaging('the history', clock);
  const seen = new Set<string>();
  let next: string | null = null;
  try {
    do {
      const page = await api.historyPage(contractId, next, signal);
      const merged = await ledger.mergeHistory(accountId, contractId, page.events, clock.now(), isTold);
      openedGap ||= merged.openedGap;
      if (merged.stored > 0) deps.onChanged([contractId]);
      if (merged.fresh.length > 0) deps.onFresh(merged.fresh);
      const before = seen.size;
      // One page alone needs no comparing.
      if (page.next !== null) for (const event of page.events) seen.add(digestOf(event));
      next = paging.next(page, seen.size - before);
    } while (next !== null);
  } catch (error) {
    if (error instanceof ApiError && error.kind === 'missing') return null;
    throw error;
  }
  return { openedGap };
}
