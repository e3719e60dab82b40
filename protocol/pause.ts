export const PAUSES = ['hour', 'tomorrow'] as const;
export type Pause = (typeof PAUSES)[number];

const HOUR_MS = 3_600_000;
/** When a working day begins, local time: what is for a day, and for no hour of it, comes then. */
export const MORNING = 8;
/** No pause is longer: until tomorrow's morning, on a day of 25 hours. */
const MOST_MS = 34 * HOUR_MS;

/** When a pause of notifications that begins now ends, epoch ms: in an hour, or tomorrow at eight by local time. */
export function pauseEnd(pause: Pause, now: number): number {
  if (pause === 'hour') return now + HOUR_MS;
  const end = new Date(now);
  end.setDate(end.getDate() + 1);
  end.setHours(MORNING, 0, 0, 0);
  return end.getTime();
}

/** Until the pause ends, ms; null when there is none now. One that seems longer than any is of a clock that was set since. */
export function untilPauseEnds(pausedUntil: number | null, now: number): number | null {
  if (pausedUntil === null) return null;
  const left = pausedUntil - now;
  return left > 0 && left <= MOST_MS ? left : null;
}
