import type { Settings } from '../../protocol/settings.ts';

/**
 * Until the quiet hours that are now end, ms, by local time; null when there are none now. `from` inclusive, `to`
 * exclusive; over midnight where `from` is later; none at all where both are the same.
 */
export function untilQuietEnds(hours: Settings['quietHours'], now: number): number | null {
  if (hours === null || hours.from === hours.to) return null;
  const day = new Date(now);
  const time = `${two(day.getHours())}:${two(day.getMinutes())}`;
  const { from, to } = hours;
  const isQuiet = from < to ? time >= from && time < to : time >= from || time < to;
  if (!isQuiet) return null;
  const end = new Date(now);
  end.setHours(Number(to.slice(0, 2)), Number(to.slice(3)), 0, 0);
  if (end.getTime() <= now) end.setDate(end.getDate() + 1);
  return end.getTime() - now;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
