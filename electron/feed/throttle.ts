import type { Clock } from '../ports/clock.ts';

export interface Throttle {
  /** Runs soon: at once when the last run is `everyMs` ago, else at that moment. Never two runs at a time. */
  ask(): void;
  /** The same, whatever share of the time runs have had: for what must be seen at once, and comes seldom. */
  askUrgently(): void;
  /** Nothing runs any more; resolves when a run under way has ended. */
  close(): Promise<void>;
}

/** How often something runs while it is asked for without a pause. */
export interface Pace {
  /** At least this lies between two runs. */
  readonly everyMs: number;
  /** So many runs may follow each other that closely; after them, and until it was calm, one each `steadyMs`. */
  readonly burst: number;
  readonly steadyMs: number;
  /** At most this share of the time is spent on runs, once the burst is used up. */
  readonly share: number;
}

/**
 * At most one run each `everyMs` (or as the pace says), never overlapping, and one more after the last `ask`, so the end
 * state is always seen. `run` must handle its own errors. It may answer what it has cost, ms, where that is not the time it took.
 */
export function createThrottle(
  clock: Clock,
  pace: number | Pace,
  run: () => void | Promise<number | void>,
): Throttle {
  const { everyMs, burst, steadyMs, share } =
    typeof pace === 'number' ? { everyMs: pace, burst: 1, steadyMs: pace, share: 1 } : pace;
  let asked = false;
  let urgent = false;
  let closed = false;
  let lastRun = Number.NEGATIVE_INFINITY;
  /** Until when the runs so far would take at the steady pace (the leaky bucket of ITU-T I.371, annex A). */
  let usedUntil = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | null = null;
  let running: Promise<void> | null = null;

  async function go(): Promise<void> {
    asked = urgent = false;
    lastRun = clock.monotonic();
    const cost = (await run()) ?? clock.monotonic() - lastRun;
    usedUntil = Math.max(usedUntil, lastRun) + Math.max(steadyMs, cost / share);
  }

  function plan(): void {
    if (closed || cancel !== null || running !== null) return;
    const next = Math.max(lastRun + everyMs, urgent ? 0 : usedUntil - (burst - 1) * steadyMs);
    const wait = next - clock.monotonic();
    cancel = wait > 0 ? clock.after(wait, start) : soon(start);
  }

  function start(): void {
    running = go().finally(() => {
      running = null;
      if (asked) plan();
    });
    cancel = null;
  }

  /** In this very turn, after whoever asks: a timer of 0 ms takes more than one. */
  function soon(run: () => void): () => void {
    let wanted = true;
    queueMicrotask(() => wanted && run());
    return () => {
      wanted = false;
    };
  }

  return {
    ask() {
      asked = true;
      plan();
    },
    askUrgently() {
      asked = urgent = true;
      cancel?.();
      cancel = null;
      plan();
    },
    async close() {
      closed = true;
      cancel?.();
      await running;
    },
  };
}
