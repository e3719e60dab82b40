import type { Clock } from '../ports/clock.ts';
import { followTimeZone, timeZoneName } from '../ports/time-zone.ts';

/** No runtime tells of another zone; asking costs a tenth of a millisecond. */
const LOOK_MS = 5_000;

export interface ZoneWatch {
  /** The machine has slept, perhaps on a journey. */
  look(): void;
  close(): void;
}

/** Calls `onChange` when the computer is in another time zone; dates of this thread follow by then. */
export function watchTimeZone(clock: Clock, onChange: (timeZone: string) => void): ZoneWatch {
  let zone = timeZoneName();
  let cancel = clock.after(LOOK_MS, tick);

  function look(): void {
    const now = timeZoneName();
    if (now === zone) return;
    zone = now;
    followTimeZone();
    onChange(now);
  }

  function tick(): void {
    look();
    cancel = clock.after(LOOK_MS, tick);
  }

  return { look, close: () => cancel() };
}
