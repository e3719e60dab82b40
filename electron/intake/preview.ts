import type { Ledger } from '../ledger/types.ts';
import type { PreviewPage } from '../ledger/ingest.ts';
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
  /** Contracts whose rows changed. Urgent: the newest of all. */
  onChanged(contracts: readonly string[], urgent: boolean): void;
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
/** After the first page, which fills the screen, the log has this long to itself, ms: most catch-ups end meanwhile. */
const REST_MS = 2_000;
/** After the pages that follow, so many times as long as each took. */
const PAUSES = 3;
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

  /**
   * A look, once a second; half of the time at most where the server needs long. A look tells how long the server needed, ms, or null
   * where nothing of the kind can be had over this connection.
   */
  async function repeat(
    firstMs: number,
    look: (signal: AbortSignal) => Promise<number | null>,
    signal: AbortSignal,
  ): Promise<void> {
    const sleeper = createSleeper(clock);
    let wait = firstMs;
    for (let failed = 0; ;) {
      await sleeper.sleep(wait, signal);
      const lookedAt = clock.monotonic();
      try {
        const tookMs = await look(signal);
        if (tookMs === null) return;
        failed = 0;
        wait = Math.max(0, lookedAt + Math.max(EVERY_MS, 2 * tookMs) - clock.monotonic());
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

  async function look(signal: AbortSignal): Promise<number | null> {
    const lookedAt = clock.monotonic();
    const since = await ledger.previewFrom(accountId);
    if (since === null) return 0;
    const paging = createPaging('the preview', clock);
    const sleeper = createSleeper(clock);
    let tookMs = 0;
    let next: string | null = null;
    let taken = 0;
    let complete = true;
    let newest: { end(): Promise<void> } | null = null;
    try {
      do {
        const askedAt = clock.monotonic();
        const page = await api.previewPage(since, next, signal);
        if (newest === null) tookMs = clock.monotonic() - lookedAt;
        if (page.since !== since || page.asOf === null) return page.since === since ? tookMs : null;
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
        if (end === 'more') newest ??= lookOn(asOf, lookedAt + EVERY_MS - clock.monotonic(), signal);
        const isFirst = taken === entries;
        if (!(await show({ since, asOf, at, contracts, end }, isFirst, signal))) return tookMs;
        if (end === 'cut') next = null;
        const pauseMs = Math.max(isFirst ? REST_MS : 0, PAUSES * (clock.monotonic() - askedAt));
        if (next !== null && pauseMs > 0) await sleeper.sleep(pauseMs, signal);
      } while (next !== null);
    } finally {
      await newest?.end();
    }
    options.onReceipt();
    return tookMs;
  }

  /**
   * Beside the rest of a long preview, which keeps no newest state waiting: what changed since its first page. Nothing rests on it, for
   * the next preview begins where the long one was made.
   */
  function lookOn(from: string, firstMs: number, outer: AbortSignal): { end(): Promise<void> } {
    const own = new AbortController();
    const abort = (): void => own.abort(outer.reason);
    outer.addEventListener('abort', abort, { once: true });
    let since = from;
    async function lookAgain(signal: AbortSignal): Promise<number | null> {
      const lookedAt = clock.monotonic();
      const { contracts, asOf, at, ...page } = await api.previewPage(since, null, signal);
      const tookMs = clock.monotonic() - lookedAt;
      if (page.since !== since || asOf === null) return null;
      if (await show({ since, asOf, at, contracts, end: 'more' }, true, signal))
        since = page.next === null ? asOf : since;
      return tookMs;
    }
    const ended = repeat(Math.max(0, firstMs), lookAgain, own.signal).catch(() => {});
    return {
      async end() {
        outer.removeEventListener('abort', abort);
        own.abort(new Error('the long preview has ended'));
        await ended;
      },
    };
  }

  /** In transactions of bounded length. False where the log went another way meanwhile. */
  async function show(page: PreviewPage, newest: boolean, signal: AbortSignal): Promise<boolean> {
    for (let from = 0; from === 0 || from < page.contracts.length; from += CHUNK) {
      signal.throwIfAborted();
      const end = from + CHUNK < page.contracts.length ? 'more' : page.end;
      const part = { ...page, contracts: page.contracts.slice(from, from + CHUNK), end } as const;
      const outcome = await ledger.preview(accountId, part, clock.now());
      if (outcome === null) return false;
      if (outcome.contracts.length > 0) options.onChanged(outcome.contracts, newest && from === 0);
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
      ended = ended.then(() => repeat(FIRST_MS, look, signal)).catch(() => {});
    },
    stop,
    async close() {
      stop();
      await ended;
    },
  };
}
