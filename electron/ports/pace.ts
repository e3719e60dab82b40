import type { Clock } from './clock.ts';

/** Half an hour for one thing is too long, however much of it comes. Ms. */
const MOST_MS = 30 * 60_000;

/** Whether what is still to be whole comes too slowly to be waited for, though it is never silent. */
export interface Pace {
  /** So much of it has come. True: it has taken longer than `freeMs`, and comes at less than 1 kB a second. */
  isTooSlow(bytes: number): boolean;
  /** It is whole, and something else begins. */
  renew(): void;
}

export function createPace(clock: Clock, freeMs: number): Pace {
  /** Null until something of it has come. */
  let began: number | null = null;
  let bytes = 0;
  return {
    isTooSlow(more) {
      bytes += more;
      began ??= clock.monotonic();
      return clock.monotonic() - began > Math.min(freeMs + bytes, MOST_MS);
    },
    renew() {
      began = null;
      bytes = 0;
    },
  };
}
