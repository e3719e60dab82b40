import type { ServerClock } from './server-clock.ts';

export interface Lateness {
  /** A head arrived by a stream. */
  head(at: string, heartbeatMs: number | undefined, cameAt: number): void;
  /** Whether this head came late for sure. Told of each: one whose time stands still says nothing of it. */
  isHeldUp(at: string, heartbeatMs: number | undefined, cameAt: number): boolean;
  /**
   * Another connection by the same way: what held the last one back may hold this one back too, and one that silence ends has too
   * few heads to tell. Nothing is sure until one head comes late here, or so many in time.
   */
  opened(): void;
  /** Another way to the server, or another network: nothing is known of it yet. */
  reset(): void;
  /**
   * More is known of the server's clock than when something was found late: false if it was the clock that had jumped, and
   * nothing was late. Null: nothing was found late since it was asked last.
   */
  wasLate(): boolean | null;
}

/**
 * By how much at least. `sure`: by the server's own clock, or by so much that no difference between a proxy's clock and its own
 * explains it, and not only on the connection before.
 */
export interface Late {
  readonly byMs: number;
  readonly sure: boolean;
}

export interface LatenessOptions {
  readonly serverClock: ServerClock;
  /** Told once something on the way is found to hold the stream back, and with each head while it does; null once it no longer does. */
  onLate(late: Late | null): void;
}

interface Arrival {
  readonly at: string;
  readonly cameAt: number;
  readonly bound: number;
}

/** What is buffered on the way comes in bursts, whose last heads are prompt: of so many heads … */
const HEADS = 4;
/** … so many late ones are enough. One alone may be our own: a process that was not given the processor. */
const LATE_HEADS = 2;
/** Two heartbeats late is late, but a person sees a few seconds, and a busy computer is no proxy. */
const LEAST_MS = 2_000;
const MOST_MS = 5_000;
/** Proxies' clocks are seldom further off. */
const SURE_MS = 30_000;

const boundFor = (heartbeatMs: number | undefined): number =>
  Math.min(MOST_MS, Math.max(LEAST_MS, 2 * (heartbeatMs ?? Infinity)));

const isSure = (byMs: number, precise: boolean): boolean => precise || byMs > SURE_MS;

/** Finds out whether heads arrive late, which the person could not see otherwise: everything comes, in order, but not as it happens. */
export function createLateness({ serverClock, onLate }: LatenessOptions): Lateness {
  let heads: readonly Arrival[] = [];
  let newest = '';
  let seen = '';
  /** By how much they were late, of which that was told; null: not late. */
  let late: Late | null = null;
  let found: readonly Arrival[] | null = null;
  /** Heads that this connection has brought. */
  let cameHere = 0;
  /** The last connection was late, and this one has shown neither that it is nor that it is not. */
  let inDoubt = false;

  /** By how much at least the late ones of these were late, and the latest; null where the server's clock is not known. */
  function lateBy(
    arrivals: readonly Arrival[],
  ): { readonly byMs: number; readonly mostMs: number; readonly precise: boolean } | null {
    const ages = arrivals.map(({ at, cameAt }) => serverClock.age(at, cameAt));
    const known = ages.filter((age) => age !== null);
    if (known.length === 0) return null;
    const byAge = known.map((age) => age.atLeastMs).toSorted((a, b) => b - a);
    const [mostMs = 0] = byAge;
    return { byMs: byAge[LATE_HEADS - 1] ?? 0, mostMs, precise: known.every((age) => age.precise) };
  }

  function tell(next: Late | null): void {
    if (next !== null || late !== null) onLate(next);
    late = next;
  }

  function reset(): void {
    heads = [];
    inDoubt = false;
    tell(null);
  }

  return {
    head(at, heartbeatMs, cameAt) {
      // Not when it was sent: the time of the last change, or one that is kept to the day.
      if (at === newest) return;
      newest = at;
      const bound = boundFor(heartbeatMs);
      heads = [...heads, { at, cameAt, bound }].slice(-HEADS);
      cameHere += 1;
      const by = lateBy(heads);
      if (by === null) return;
      const isLateHere = !inDoubt || (lateBy(heads.slice(-cameHere))?.mostMs ?? 0) > bound;
      if (by.byMs > bound && isLateHere) {
        found = heads;
        inDoubt = false;
        tell({ byMs: by.byMs, sure: isSure(by.byMs, by.precise) });
      } else if (!inDoubt || cameHere >= HEADS) {
        inDoubt = false;
        tell(null);
      }
    },
    isHeldUp(at, heartbeatMs, cameAt) {
      const standsStill = at === seen;
      seen = at;
      const age = standsStill ? null : serverClock.age(at, cameAt);
      return age !== null && age.atLeastMs > boundFor(heartbeatMs) && isSure(age.atLeastMs, age.precise);
    },
    opened() {
      cameHere = 0;
      // By a clock that may be wrong nothing is held against the next one.
      if (lateBy(heads)?.precise !== true) reset();
      if (late === null) return;
      inDoubt = true;
      tell({ byMs: late.byMs, sure: false });
    },
    reset,
    wasLate() {
      if (found === null) return null;
      const by = lateBy(found);
      const bound = found.at(-1)?.bound ?? MOST_MS;
      found = null;
      return by === null || by.byMs > bound;
    },
  };
}
