import { expect, test, vi } from 'vitest';
import { createPauseWatch } from './pause-watch.ts';

function createClock(start: number) {
  let now = start;
  let due: (() => void) | null = null;
  return {
    now: () => now,
    monotonic: () => now,
    after(_ms: number, run: () => void) {
      due = run;
      return () => void (due = due === run ? null : due);
    },
    isWaiting: () => due !== null,
    reach(at: number): void {
      now = at;
      const run = due;
      due = null;
      run?.();
    },
  };
}

test('the end of a pause is told once it has come, also after a sleep, and not when it was taken back', () => {
  const clock = createClock(1_000);
  const onEnd = vi.fn();
  const pause = createPauseWatch(clock, onEnd);
  pause.follow(3_601_000);
  clock.reach(61_000);
  expect(onEnd).not.toHaveBeenCalled();
  clock.reach(9_999_999);
  expect(onEnd).toHaveBeenCalledTimes(1);
  pause.follow(12_000_000);
  pause.follow(null);
  expect(clock.isWaiting()).toBe(false);
  // Found at the start, long over.
  pause.follow(5);
  expect(onEnd).toHaveBeenCalledTimes(2);
});
