import { parseInstant } from '../../protocol/instant.ts';
import type { AppendOutcome } from '../ledger/ingest.ts';
import type { Clock } from '../ports/clock.ts';

/**
 * Whether an open stream has brought everything the server had: `catching_up` until a head was reached. A head that stands
 * still without being reached is a gap, which the receipt shows; the stream has caught up all the same. Where the id it names has
 * no place among those that came, it proves nothing.
 *
 * A server that names no heads proves nothing, whatever the times in its events say. There the first burst is taken for the
 * replay: it ends after a quiet moment, when it has become a trickle, or after a bound; and then the newest change is known,
 * but not whether it is the server's newest.
 */
export interface CatchUpTracker {
  opened(): void;
  onDisconnect(): void;
  onAppended(outcome: AppendOutcome): void;
  /** What the last head named is here, if not by the stream. */
  onHeadHere(): void;
  /** Events still to come, where it was found out otherwise; `at`: the server's time of then. */
  expect(behind: number, at: string): void;
  /** Not open, or not yet caught up. */
  isCaughtUp(): boolean;
  /** Since it was opened a head was reached, if only one that had been held up on its way. */
  hasReachedHead(): boolean;
}

export interface CatchUpOptions {
  readonly clock: Clock;
  readonly quietMs: number;
  /** This server has named heads before, as the ledger knows. */
  readonly headsSeen: boolean;
  /** The heartbeat it has announced, ms; null while it has not. */
  readonly heartbeatMs: number | null;
  /** Since when something is being written, on the clock that never goes back; null while nothing is. */
  writingSince(): number | null;
  /**
   * The newest head was held up on its way, and nobody knows yet that the stream is: it tells what was the newest then, and not
   * that what has happened since is here.
   */
  isHeldUp(): boolean;
  onCatchingUp(done: number, total: number | null): void;
  /** `proven`: by a head. May be told again for one opening, when heads begin or cease to come. */
  onCaughtUp(proven: boolean): void;
  /** A head that names an id without a place among those that came stands unreached; once for each id and opening. */
  onStanding(id: string): void;
}

/** Looked at this often, ms. */
const STEP_MS = 1000;
/** No more than this in each of two steps is a trickle: people work at such a pace, replays do not. */
const TRICKLE = 100;
/** Nor is a tenth of what came in the burst's best step. */
const DROP = 10;
/** A burst that lasts longer is none, ms. */
const BURST_MS = 60_000;
/** How many times longer a stream may be quiet that has more to bring. */
const SLOW = 10;
/**
 * A server that named heads before, and names none on this stream, is taken for one without: after two heartbeats and a second,
 * or where none was ever announced after so long, ms. After one heartbeat where it named one that was not reached.
 */
const NO_HEAD_MS = 90_000;

export function createCatchUpTracker(options: CatchUpOptions): CatchUpTracker {
  const { clock } = options;
  let phase: 'away' | 'catching_up' | 'caught_up' = 'away';
  let proven = false;
  let done = 0;
  let total: number | null = null;
  /** The server's time at which it was found out otherwise that more is to come. */
  let expectedAt: number | null = null;
  let { headsSeen, heartbeatMs } = options;
  let eventsSinceHead = true;
  let hasReached = false;
  let lastHeadAt = 0;
  let openedAt = 0;
  let lastEventAt = 0;
  let steppedAt = 0;
  let doneBefore = 0;
  let best = 0;
  let trickles = 0;
  /** The last head of this opening was not reached: what it names may be on its way, and only the next one proves anything. */
  let unreached = false;
  /** The server's time of that head, where the log's order says what it named, and it may still prove something. */
  let awaitedAt: string | null = null;
  /** The id of the last head, where that has no place, was not reached, and nothing has come since. */
  let standing: string | null = null;
  let stood: string | null = null;
  let cancelStep = (): void => {};
  let cancelOverdue = (): void => {};

  function reach(isProven: boolean): void {
    cancelStep();
    if (phase === 'away' || (phase === 'caught_up' && proven === isProven)) return;
    phase = 'caught_up';
    proven = isProven;
    options.onCaughtUp(isProven);
  }

  function step(): void {
    const now = clock.monotonic();
    const came = done - doneBefore;
    // A slow ledger is no quiet stream: what it writes has come, and the reader waits for it.
    const writingSince = options.writingSince();
    const isSlow = writingSince !== null && now - writingSince >= STEP_MS / 4;
    if (!isSlow && now - steppedAt >= STEP_MS / 2) {
      doneBefore = done;
      steppedAt = now;
      best = Math.max(best, came);
      trickles = came <= Math.max(TRICKLE, best / DROP) ? trickles + 1 : 0;
    }
    const quiet = writingSince === null && now - lastEventAt >= options.quietMs;
    // Where more is known to come, a stream that still brings something is slow, not level.
    const slow = total !== null && done < total && now - lastEventAt < SLOW * options.quietMs;
    const over = quiet || (!isSlow && trickles >= 2) || now - openedAt >= BURST_MS;
    const mayHaveHeads = headsSeen && now - lastHeadAt < noHeadMs();
    if (over && !slow && !mayHaveHeads) reach(false);
    else later();
  }

  function noHeadMs(): number {
    if (heartbeatMs === null) return NO_HEAD_MS;
    if (unreached) return Math.min(NO_HEAD_MS, heartbeatMs + STEP_MS);
    return Math.min(NO_HEAD_MS, Math.max(2 * heartbeatMs + STEP_MS, SLOW * options.quietMs));
  }

  /** The next step; sooner where quiet may be complete sooner. */
  function later(): void {
    cancelStep();
    const untilQuiet = lastEventAt + options.quietMs - clock.monotonic();
    cancelStep = clock.after(untilQuiet > 0 ? Math.min(STEP_MS, untilQuiet) : STEP_MS, step);
  }

  /** True when the head is one whose id has no place: it proves nothing until it is reached, and level is only where it stands. */
  function watch({ head, foreign }: AppendOutcome, disposed: number): boolean {
    if (phase === 'away') return false;
    const id = head !== null && !head.reached && head.behind === null ? head.head : null;
    const before = standing;
    if (head !== null || disposed + foreign > 0) standing = disposed + foreign > 0 ? null : id;
    if (id === null || standing === null || standing !== before) return id !== null;
    if (stood !== id) options.onStanding(id);
    stood = id;
    reach(false);
    return true;
  }

  /**
   * Held up on its way: the server named it before it said what is still to come, and that keeps coming. Once nothing
   * comes any more, what was said is over: a server may have gone back, or its heads tell the time of the last change.
   */
  function isOld(headAt: string): boolean {
    const time = parseInstant(headAt);
    if (total === null || done >= total || expectedAt === null || time === null) return false;
    return time < expectedAt && clock.monotonic() - lastEventAt < SLOW * options.quietMs;
  }

  /** Other bytes may keep the stream alive (a proxy's own comments), but only heads say that nothing is on its way. */
  function awaitHead(heartbeatMs: number | undefined): void {
    cancelOverdue();
    cancelOverdue = clock.after(heartbeatMs === undefined ? NO_HEAD_MS : 2 * heartbeatMs + STEP_MS, () => {
      awaitedAt = null;
      if (heartbeatMs !== undefined && phase === 'caught_up') reach(false);
    });
  }

  return {
    opened() {
      phase = 'catching_up';
      done = doneBefore = best = trickles = 0;
      total = expectedAt = null;
      eventsSinceHead = true;
      hasReached = false;
      standing = stood = awaitedAt = null;
      unreached = false;
      openedAt = steppedAt = lastEventAt = lastHeadAt = clock.monotonic();
      options.onCatchingUp(done, total);
      later();
    },
    onDisconnect() {
      phase = 'away';
      hasReached = false;
      cancelStep();
      cancelOverdue();
    },
    onAppended(outcome) {
      const disposed = outcome.stored + outcome.duplicates + outcome.quarantined;
      const { head } = outcome;
      done += disposed;
      if (disposed > 0) lastEventAt = clock.monotonic();
      const isUnplaced = watch(outcome, disposed);
      if (head !== null && phase !== 'away') {
        headsSeen = true;
        heartbeatMs = head.heartbeatMs ?? heartbeatMs;
        lastHeadAt = clock.monotonic();
        awaitHead(head.heartbeatMs);
        const isReached = head.reached || (disposed === 0 && !eventsSinceHead && !isUnplaced);
        hasReached ||= isReached;
        unreached = !isReached;
        const isLive = phase === 'caught_up' && proven;
        const old = isOld(head.at) || (!isLive && options.isHeldUp());
        awaitedAt = isReached || old || head.behind === null ? null : head.at;
        if (!old && isReached) {
          eventsSinceHead = false;
          reach(true);
          return;
        }
        if (phase === 'catching_up' && !old && head.behind !== null) total = done + head.behind;
      }
      eventsSinceHead = head === null ? eventsSinceHead || disposed > 0 : disposed > 0;
      if (phase !== 'catching_up') return;
      if (total !== null) total = Math.max(total, done);
      if (disposed > 0 || head !== null) options.onCatchingUp(done, total);
    },
    onHeadHere() {
      if (awaitedAt === null || phase === 'away' || isOld(awaitedAt)) return;
      awaitedAt = null;
      hasReached = true;
      unreached = false;
      reach(true);
    },
    expect(behind, at) {
      if (phase !== 'catching_up' || (total !== null && total >= done + behind)) return;
      total = done + behind;
      expectedAt = parseInstant(at);
      options.onCatchingUp(done, total);
    },
    isCaughtUp: () => phase === 'caught_up',
    hasReachedHead: () => hasReached,
  };
}
