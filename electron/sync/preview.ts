import type { Ledger } from '../ledger/types.ts';
import type { PreviewPage } from '../ledger/ingest.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { asApiError } from './api.ts';
import type { Api } from './api.ts';
import { createSleeper, delayBefore, type Sleeper } from './delay.ts';
import type { FollowSink } from './follow-types.ts';
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
  /** Once the window has been told what has changed by now, or has asked for it. */
  whenTold: FollowSink['whenTold'];
  /** So many events are still to come, by the server's word at this time of its own. */
  onBehind(events: number, at: string): void;
  onReceipt(): void;
}

export interface Preview {
  /** The stream is open and may be far behind: from now on until `stop`. */
  start(): void;
  /** So many items more came from the stream. Where it brings many, the next ones wait for the first page; undefined where nothing does. */
  came(items: number): Promise<void> | undefined;
  /** Since when they wait, on the clock that never goes back; null while they do not. */
  heldSince(): number | null;
  stop(): void;
  close(): Promise<void>;
}

/** A stream that has caught up sooner needs no preview: within so many ms, and so many items. */
const FIRST_MS = 250;
const FIRST_ITEMS = 250;
/**
 * A flood leaves no time for anything else, here and at the server: until the first page has come the stream is not read. At
 * most so long, ms; nor while a window that is being loaded has not shown it, so long once more.
 */
const AHEAD_MS = 1_000;
/** What a window that is being opened needs to paint what it was answered, ms. Of what it is told, it says when it has painted it. */
const PAINT_MS = 350;
/** Asking, answering, writing and painting take up to half a second on a slow machine: what is newest is seen within 1.5 s. */
const EVERY_MS = 750;
const DELAYS = { first: 2_000, most: 30_000 };
/** Contracts of one preview; the rest comes with the log. */
const MAX_CONTRACTS = 10_000;
/** After the first page, which fills the screen, the log has this long to itself, ms: most catch-ups end meanwhile. */
const REST_MS = 2_000;
/** After the pages that follow, so many times as long as each took. */
const PAUSES = 3;
/** Contracts written in one transaction; of what is newest a screen's before the rest. */
const CHUNK = 500;
const SCREEN = 100;

/**
 * While the stream catches up: every 0.75 s what changed since the last look, newest first, so that the window shows the
 * newest states at once, whatever the backlog. A server that does not know previews answers without the echo of `since`, and
 * is not asked again before the next connection.
 */
export function createPreview(options: PreviewOptions): Preview {
  const { api, ledger, accountId, clock, log } = options;
  let ending: AbortController | null = null;
  let ended: Promise<void> = Promise.resolve();
  let opening: Opening | null = null;

  /**
   * A look every `EVERY_MS`; half of the time at most where the server needs long. A look tells how long the server needed, ms, or null
   * where nothing of the kind can be had over this connection.
   */
  async function repeat(
    firstMs: number,
    look: (signal: AbortSignal) => Promise<number | null>,
    signal: AbortSignal,
    sleeper = createSleeper(clock),
  ): Promise<void> {
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
        const { kind, message, retryAfterMs } = asApiError(error);
        if (kind === 'missing' || kind === 'refused' || kind === 'signed_out') return;
        log.info(`preview: ${message}`);
        failed += 1;
        wait = Math.max(retryAfterMs ?? 0, delayBefore(failed, DELAYS, options.random));
      }
    }
  }

  /** The look of an opening that its stream waits for: until the first page is shown, or there is none. */
  async function lookAhead(one: Opening, signal: AbortSignal): Promise<number | null> {
    one.begin();
    try {
      return await look(signal, one.painted);
    } finally {
      one.end();
    }
  }

  async function look(signal: AbortSignal, onScreen: OnScreen): Promise<number | null> {
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
          log.info(`preview: ${asApiError(error).message}`);
          next = null;
          complete = false;
        }
        const whole = next === null && complete;
        const end = whole ? 'whole' : next === null || taken >= MAX_CONTRACTS ? 'cut' : 'more';
        if (end === 'more') newest ??= lookOn(asOf, lookedAt + EVERY_MS - clock.monotonic(), signal);
        const isFirst = taken === entries;
        if (!(await show({ since, asOf, at, contracts, end }, isFirst ? onScreen : null, signal)))
          return tookMs;
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
    async function reevaluate(signal: AbortSignal): Promise<number | null> {
      const lookedAt = clock.monotonic();
      const { contracts, asOf, at, ...page } = await api.previewPage(since, null, signal);
      const tookMs = clock.monotonic() - lookedAt;
      if (page.since !== since || asOf === null) return null;
      if (await show({ since, asOf, at, contracts, end: 'more' }, async () => {}, signal))
        since = page.next === null ? asOf : since;
      return tookMs;
    }
    const ended = repeat(Math.max(0, firstMs), reevaluate, own.signal).catch(() => {});
    return {
      async end() {
        outer.removeEventListener('abort', abort);
        own.abort(new Error('the long preview has ended'));
        await ended;
      },
    };
  }

  /** In transactions of bounded length, the newest states a screen's first. False where the log went another way meanwhile. */
  async function show(page: PreviewPage, onScreen: OnScreen | null, signal: AbortSignal): Promise<boolean> {
    const { length } = page.contracts;
    for (let from = 0, to = 0; from === 0 || from < length; from = to) {
      signal.throwIfAborted();
      const isScreen = onScreen !== null && from === 0;
      to = from + (isScreen ? SCREEN : CHUNK);
      const end = to < length ? 'more' : page.end;
      const part = { ...page, contracts: page.contracts.slice(from, to), end } as const;
      const outcome = await ledger.preview(accountId, part, clock.now());
      if (outcome === null) return false;
      if (outcome.contracts.length > 0) options.onChanged(outcome.contracts, isScreen);
      options.onBehind(outcome.behind, page.at);
      if (isScreen) await onScreen(outcome.contracts.length > 0, signal);
    }
    return true;
  }

  function stop(): void {
    ending?.abort(new Error('the stream is level, or gone'));
    ending = null;
    opening?.end();
    opening = null;
  }

  return {
    start() {
      stop();
      ending = new AbortController();
      const { signal } = ending;
      const one = createOpening(clock, options.whenTold);
      opening = one;
      // One at a time: the one before may still be writing.
      ended = ended
        .then(() => repeat(one.firstMs(), (each) => lookAhead(one, each), signal, one.sleeper))
        .catch(() => {})
        .finally(one.end);
    },
    came: (items) => opening?.came(items),
    heldSince: () => opening?.heldSince() ?? null,
    stop,
    async close() {
      stop();
      await ended;
    },
  };
}

/** The newest states of a screen are in the ledger, and the window has been told; whether anything changed by them. */
type OnScreen = (isChanged: boolean, signal: AbortSignal) => Promise<void>;

/** One opening of the stream: what of it waits for the first page. */
interface Opening {
  /** Of the first look, which many items begin before its time. */
  readonly sleeper: Sleeper;
  firstMs(): number;
  came(items: number): Promise<void> | undefined;
  heldSince(): number | null;
  painted: OnScreen;
  begin(): void;
  end(): void;
}

function createOpening(clock: Clock, whenTold: FollowSink['whenTold']): Opening {
  const sleeper = createSleeper(clock);
  let resolve = (): void => {};
  const over = new Promise<void>((done) => {
    resolve = done;
  });
  let phase: 'early' | 'asking' | 'over' = 'early';
  let items = 0;
  let since: number | null = null;
  let cancel = (): void => {};

  function begin(): void {
    if (phase !== 'early') return;
    phase = 'asking';
    limit();
  }

  function limit(): void {
    cancel();
    cancel = clock.after(AHEAD_MS, end);
  }

  function end(): void {
    phase = 'over';
    cancel();
    resolve();
  }

  return {
    sleeper,
    firstMs: () => (phase === 'early' ? FIRST_MS : 0),
    came(count) {
      items += count;
      if (phase === 'early' && items >= FIRST_ITEMS) {
        begin();
        sleeper.wake();
      }
      if (phase !== 'asking') return undefined;
      since ??= clock.monotonic();
      return over;
    },
    heldSince: () => (phase === 'asking' ? since : null),
    async painted(isChanged, signal) {
      if (isChanged && phase === 'asking' && since !== null) {
        limit();
        const how = await Promise.race([whenTold(), over]);
        if (how === 'answered') await sleeper.sleep(PAINT_MS, signal);
      }
      end();
    },
    begin,
    end,
  };
}
