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
  /** So many events are still to come. */
  onBehind(events: number): void;
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

  async function loop(signal: AbortSignal): Promise<void> {
    const sleeper = createSleeper(clock);
    let wait = FIRST_MS;
    for (let failed = 0; ;) {
      await sleeper.sleep(wait, signal);
      const began = clock.monotonic();
      try {
        if ((await once(signal)) === 'unknown') return;
        failed = 0;
        // Half of the time at most, where the server needs long.
        wait = Math.max(EVERY_MS - (clock.monotonic() - began), clock.monotonic() - began);
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
    const since = await ledger.previewFrom(accountId);
    if (since === null) return 'done';
    const paging = createPaging('the preview', clock);
    let next: string | null = null;
    let taken = 0;
    let complete = true;
    do {
      const page = await api.previewPage(since, next, signal);
      if (page.since !== since || page.asOf === null) return page.since === since ? 'done' : 'unknown';
      const { asOf, at } = page;
      const entries = page.contracts.length + page.unreadable.length;
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
      for (let from = 0; from === 0 || from < page.contracts.length; from += CHUNK) {
        const contracts = page.contracts.slice(from, from + CHUNK);
        const isLast = from + CHUNK >= page.contracts.length;
        if (!(await show({ since, asOf, at, contracts, end: isLast ? end : 'more' }, signal))) return 'done';
      }
      if (end === 'cut') next = null;
    } while (next !== null);
    options.onReceipt();
    return 'done';
  }

  /** False where the log went another way meanwhile. */
  async function show(page: PreviewPage, signal: AbortSignal): Promise<boolean> {
    signal.throwIfAborted();
    const outcome = await ledger.preview(accountId, page, clock.now());
    if (outcome === null) return false;
    if (outcome.contracts.length > 0) options.onChanged(outcome.contracts);
    options.onBehind(outcome.behind);
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
