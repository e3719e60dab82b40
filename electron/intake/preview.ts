import type { Ledger, PreviewPage } from '../ledger/types.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { asApiTrouble } from './api.ts';
import type { Api } from './api.ts';
import { createSleeper, delayBefore } from './delay.ts';
import { createPaging } from './paging.ts';

export interface PreviewOptions {
  readonly api: Api;
  readonly ledger: Ledger;
  readonly accountId: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Contracts whose rows changed. */
  onChanged(contracts: readonly string[]): void;
  /** So many events are still to come, by the server's word at this time of its own. */
  onBehind(events: number, at: string): void;
  onReceipt(): void;
}

export interface Preview {
  /** The stream is open and may be far behind: from now on until `stop`. */
  start(): void;
  stop(): void;
  close(): Promise<void>;
}

/** A stream that is level sooner needs no preview, ms. */
const FIRST_MS = 250;
const EVERY_MS = 1_000;
const DELAYS = { first: 2_000, most: 30_000 };
/** Contracts of one preview; the rest comes with the log. */
const MAX_CONTRACTS = 10_000;
/** Contracts written in one transaction. */
const CHUNK = 500;

/**
 * While the stream catches up: once a second what changed since the last look, newest first, so that the window shows the
 * newest states at once, whatever the backlog. A server that does not know previews answers without the echo of `since`, and
 * is not asked again before the next connection.
 */
export function createPreview(options: PreviewOptions): Preview {
  const { api, ledger, accountId, clock, log } = options;
  let ending: AbortController | null = null;
  let ended: Promise<void> = Promise.resolve();

  let lookedAt = 0;
  let tookMs = 0;

  /** Until the next look at the newest; half of the time at most, where the server needs long. */
  const untilNext = (): number => lookedAt + Math.max(EVERY_MS, 2 * tookMs) - clock.monotonic();

  async function loop(signal: AbortSignal): Promise<void> {
    const sleeper = createSleeper(clock);
    let wait = FIRST_MS;
    for (let failed = 0; ;) {
      await sleeper.sleep(wait, signal);
      try {
        if ((await once(signal)) === 'unknown') return;
        failed = 0;
        wait = Math.max(0, untilNext());
      } catch (error) {
        if (signal.aborted) return;
        const { kind, message, retryAfterMs } = asApiTrouble(error);
        if (kind === 'missing' || kind === 'refused' || kind === 'signed_out') return;
        log.info(`preview: ${message}`);
        failed += 1;
        wait = Math.max(retryAfterMs ?? 0, delayBefore(failed, DELAYS, options.random));
      }
    }
  }

  /** `unknown`: nothing of the kind can be had over this connection. */
  async function once(signal: AbortSignal): Promise<'done' | 'unknown'> {
    lookedAt = clock.monotonic();
    const since = await ledger.previewFrom(accountId);
    if (since === null) return 'done';
    const paging = createPaging('the preview', clock);
    let newest: string | null = null;
    let next: string | null = null;
    let taken = 0;
    let complete = true;
    do {
      const page = await api.previewPage(since, next, signal);
      if (page.since !== since || page.asOf === null) return page.since === since ? 'done' : 'unknown';
      const { asOf, at, contracts } = page;
      const entries = contracts.length + page.unreadable.length;
      taken += entries;
      complete &&= page.unreadable.length === 0;
      try {
        next = paging.next(page, entries);
      } catch (error) {
        log.info(`preview: ${asApiTrouble(error).message}`);
        next = null;
        complete = false;
      }
      const whole = next === null && complete;
      const end = whole ? 'whole' : next === null || taken >= MAX_CONTRACTS ? 'cut' : 'more';
      if (!(await show({ since, asOf, at, contracts, end }, signal))) return 'done';
      if (end === 'cut') next = null;
      if (newest === null) tookMs = clock.monotonic() - lookedAt;
      newest ??= asOf;
      if (next !== null && untilNext() <= 0) newest = await lookAgain(newest, signal);
    } while (next !== null);
    options.onReceipt();
    return 'done';
  }

  /**
   * What changed since the first page of a preview: the rest of a long one keeps no newest state waiting. Nothing rests on it, for the
   * next preview begins where this one was made.
   */
  async function lookAgain(since: string, signal: AbortSignal): Promise<string> {
    lookedAt = clock.monotonic();
    const { contracts, asOf, at, ...page } = await api.previewPage(since, null, signal);
    if (page.since === since && asOf !== null)
      await show({ since, asOf, at, contracts, end: 'more' }, signal);
    tookMs = clock.monotonic() - lookedAt;
    return page.since === since && page.next === null && asOf !== null ? asOf : since;
  }

  /** In transactions of bounded length. False where the log went another way meanwhile. */
  async function show(page: PreviewPage, signal: AbortSignal): Promise<boolean> {
    for (let from = 0; from === 0 || from < page.contracts.length; from += CHUNK) {
      signal.throwIfAborted();
      const end = from + CHUNK < page.contracts.length ? 'more' : page.end;
      const part = { ...page, contracts: page.contracts.slice(from, from + CHUNK), end } as const;
      const outcome = await ledger.preview(accountId, part, clock.now());
      if (outcome === null) return false;
      if (outcome.contracts.length > 0) options.onChanged(outcome.contracts);
      options.onBehind(outcome.behind, page.at);
    }
    return true;
  }

  function stop(): void {
    ending?.abort(new Error('the stream is level, or gone'));
    ending = null;
  }

  return {
    start() {
      stop();
      ending = new AbortController();
      const { signal } = ending;
      // One at a time: the one before may still be writing.
      ended = ended.then(() => loop(signal)).catch(() => {});
    },
    stop,
    async close() {
      stop();
      await ended;
    },
  };
}
