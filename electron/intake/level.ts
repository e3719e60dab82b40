import type { AppendOutcome } from '../ledger/types.ts';
import type { Clock } from '../ports/clock.ts';

/**
 * Whether an open stream has brought everything the server had: `catching_up` until a head was reached, then `live`.
 * A head that stands still without being reached is a hole, which the receipt shows; the stream is level all the same.
 * A server that names no heads counts as level after a quiet moment.
 */
export interface Level {
  opened(): void;
  away(): void;
  took(outcome: AppendOutcome): void;
  /** Events still to come, where it was found out otherwise. */
  expect(behind: number): void;
  /** Not open, or not yet level. */
  isLevel(): boolean;
}

export interface LevelOptions {
  readonly clock: Clock;
  readonly quietMs: number;
  onCatchingUp(done: number, total: number | null): void;
  onLevel(): void;
}

export function createLevel(options: LevelOptions): Level {
  let phase: 'away' | 'catching_up' | 'level' = 'away';
  let done = 0;
  let total: number | null = null;
  let headsSeen = false;
  let eventsSinceHead = true;
  let cancelQuiet = (): void => {};

  function reach(): void {
    cancelQuiet();
    if (phase !== 'catching_up') return;
    phase = 'level';
    options.onLevel();
  }

  function awaitQuiet(): void {
    cancelQuiet();
    if (!headsSeen) cancelQuiet = options.clock.after(options.quietMs, reach);
  }

  return {
    opened() {
      phase = 'catching_up';
      done = 0;
      total = null;
      eventsSinceHead = true;
      options.onCatchingUp(done, total);
      awaitQuiet();
    },
    away() {
      phase = 'away';
      cancelQuiet();
    },
    took(outcome) {
      const disposed = outcome.stored + outcome.duplicates + outcome.quarantined;
      const { head } = outcome;
      done += disposed;
      if (head !== null) {
        headsSeen = true;
        if (phase === 'catching_up') {
          if (head.reached || (disposed === 0 && !eventsSinceHead)) {
            reach();
            return;
          }
          if (head.behind !== null) total = done + head.behind;
        }
      }
      eventsSinceHead = head === null ? eventsSinceHead || disposed > 0 : disposed > 0;
      if (phase !== 'catching_up') return;
      if (total !== null) total = Math.max(total, done);
      if (disposed > 0 || head !== null) options.onCatchingUp(done, total);
      awaitQuiet();
    },
    expect(behind) {
      if (phase !== 'catching_up' || total !== null) return;
      total = done + behind;
      options.onCatchingUp(done, total);
    },
    isLevel: () => phase === 'level',
  };
}
