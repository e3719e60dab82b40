import type { Clock } from '../../ports/clock.ts';

/**
 * One time for app, servers and proxies. It stands still until somebody lets it pass, and then goes from one timer to the
 * next, so that an hour takes as long as the work that is done in it.
 */
export interface VirtualClock {
  /** What the app is given: its wall clock may be wrong. */
  readonly computer: Clock;
  /** The true time, epoch ms: that of the servers, and of the model. */
  now(): number;
  after(ms: number, run: () => void): () => void;
  /** By how much the computer's wall clock is ahead of the true time, ms. */
  setComputerAhead(ms: number): void;
  computerAhead(): number;
  /** Lets `ms` pass. `settle` is awaited after each moment at which something happened. */
  pass(ms: number, settle: () => Promise<void>): Promise<void>;
  /** Goes to the next timer, if there is one within `ms`; false: there is none. */
  step(ms: number): boolean;
}

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** A moment at which something is looked at although nothing has happened. */
const LONGEST_STEP_MS = 5_000;

export function createVirtualClock(start: number): VirtualClock {
  let now = start;
  let ahead = 0;
  const timers: Timer[] = [];

  function add(ms: number, run: () => void): () => void {
    const timer: Timer = { at: now + Math.max(0, Math.ceil(ms)), run };
    const before = timers.findIndex((other) => other.at > timer.at);
    if (before === -1) timers.push(timer);
    else timers.splice(before, 0, timer);
    return () => {
      const found = timers.indexOf(timer);
      if (found !== -1) timers.splice(found, 1);
    };
  }

  /** Runs everything that is due at the moment of the first timer. */
  function step(ms: number): boolean {
    const first = timers[0];
    if (first === undefined || first.at > now + ms) return false;
    now = Math.max(now, first.at);
    const due = timers.filter((timer) => timer.at <= now);
    for (const timer of due) {
      const found = timers.indexOf(timer);
      // One timer may cancel another that is due with it.
      if (found === -1) continue;
      timers.splice(found, 1);
      timer.run();
    }
    return true;
  }

  return {
    computer: {
      now: () => now + ahead,
      monotonic: () => now - start,
      after: (ms, run) => add(ms, run),
    },
    now: () => now,
    after: (ms, run) => add(ms, run),
    setComputerAhead(ms) {
      ahead = ms;
    },
    computerAhead: () => ahead,
    async pass(ms, settle) {
      const end = now + ms;
      await settle();
      while (now < end) {
        if (!step(Math.min(end - now, LONGEST_STEP_MS))) now = Math.min(end, now + LONGEST_STEP_MS);
        await settle();
      }
    },
    step,
  };
}
