import { untilPauseEnds } from '../../protocol/pause.ts';
import { WEEKDAYS, type Settings } from '../../protocol/settings.ts';

type QuietHours = NonNullable<Settings['quietHours']>;

/** From `start` inclusive to `end` exclusive, epoch ms. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** Days from yesterday on, whose night may still last. When all of a week is quiet, the end is looked for again later anyway. */
const DAYS = 9;

/**
 * Until the quiet hours that are now end, ms, by local time; null when there are none now. Spans that touch are one. Where
 * `from` and `to` are the same, there are whole days alone.
 */
export function untilQuietEnds(hours: Settings['quietHours'], now: number): number | null {
  if (hours === null) return null;
  const spans = Array.from({ length: DAYS }, (_, i) => spansOf(hours, now, i - 1)).flat();
  let end = now;
  for (;;) {
    const later = spans.filter((span) => span.start <= end && span.end > end).map((span) => span.end);
    if (later.length === 0) return end === now ? null : end - now;
    end = Math.max(...later);
  }
}

/** Until notifications may be told again, ms: quiet hours and a pause are over; null: they may be now. */
export function untilToldAgain(
  { quietHours, pausedUntil }: Pick<Settings, 'quietHours' | 'pausedUntil'>,
  now: number,
): number | null {
  const left = [untilQuietEnds(quietHours, now), untilPauseEnds(pausedUntil, now)].filter(
    (ms) => ms !== null,
  );
  return left.length === 0 ? null : Math.max(...left);
}

/** Those that begin `after` days after today. Its local times make days of 23 and 25 hours come out right. */
function spansOf({ from, to, days, wholeDays }: QuietHours, now: number, after: number): readonly Span[] {
  const today = new Date(now);
  const at = (day: number, time: string): number =>
    new Date(
      today.getFullYear(),
      today.getMonth(),
      today.getDate() + day,
      Number(time.slice(0, 2)),
      Number(time.slice(3)),
    ).getTime();
  const midnight = at(after, '00:00');
  const weekday = WEEKDAYS[new Date(midnight).getDay()] ?? 'sun';
  return [
    ...(wholeDays.includes(weekday) ? [{ start: midnight, end: at(after + 1, '00:00') }] : []),
    ...(days.includes(weekday) && from !== to
      ? [{ start: at(after, from), end: at(from < to ? after : after + 1, to) }]
      : []),
  ];
}
