import { untilPauseEnds } from '../../protocol/pause.ts';
import type { Clock } from '../ports/clock.ts';

/** A machine may sleep through the end, and its clock may be set. */
const LOOK_MS = 60_000;

/** Calls `onEnd` when the pause of notifications is over, so that nothing says that there still is one. */
export function createPauseWatch(clock: Clock, onEnd: () => void) {
  let cancel = (): void => {};
  function follow(pausedUntil: number | null): void {
    cancel();
    if (pausedUntil === null) return;
    const left = untilPauseEnds(pausedUntil, clock.now());
    if (left === null) onEnd();
    else cancel = clock.after(Math.min(left, LOOK_MS), () => follow(pausedUntil));
  }
  return { follow, close: () => cancel() };
}
