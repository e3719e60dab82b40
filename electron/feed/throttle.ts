import type { Clock } from '../ports/clock.ts';

export interface Throttle {
  /** Runs soon: at once when the last run is `everyMs` ago, else at that moment. Never two runs at a time. */
  ask(): void;
  /** Nothing runs any more; resolves when a run under way has ended. */
  close(): Promise<void>;
}

/**
 * At most one run each `everyMs`, never overlapping, and one more after the last `ask`, so the end state is always
 * seen. `run` must handle its own errors.
 */
export function createThrottle(clock: Clock, everyMs: number, run: () => void | Promise<void>): Throttle {
  let asked = false;
  let closed = false;
  let lastRun = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | null = null;
  let running: Promise<void> | null = null;

  async function go(): Promise<void> {
    cancel = null;
    asked = false;
    lastRun = clock.monotonic();
    await run();
  }

  function plan(): void {
    if (closed || cancel !== null || running !== null) return;
    const wait = Math.max(0, lastRun + everyMs - clock.monotonic());
    cancel = clock.after(wait, () => {
      running = go().finally(() => {
        running = null;
        if (asked) plan();
      });
    });
  }

  return {
    ask() {
      asked = true;
      plan();
    },
    async close() {
      closed = true;
      cancel?.();
      await running;
    },
  };
}
