/** When a snooze ends: epoch ms; null for “until it changes”. */
export interface SnoozeChoice {
  readonly name: 'later' | 'tomorrow' | 'week' | 'change';
  readonly until: number | null;
}

const MORNING = 9;
const HOUR = 3_600_000;

/** The next full hour at least three hours from now; absent when that would be night (after 20:00). */
function laterToday(now: number): number | null {
  const until = new Date(now + 3 * HOUR);
  if (until.getMinutes() > 0 || until.getSeconds() > 0) until.setHours(until.getHours() + 1, 0, 0, 0);
  const sameDay = until.getDate() === new Date(now).getDate();
  return sameDay && until.getHours() <= 20 ? until.getTime() : null;
}

/** Nine in the morning, so many days from now, by the computer's clock. */
function morningIn(days: number, now: number): number {
  const date = new Date(now);
  date.setDate(date.getDate() + days);
  date.setHours(MORNING, 0, 0, 0);
  return date.getTime();
}

/** What is offered now: later today (while the day lasts), tomorrow, the Monday after that, until it changes. */
export function snoozeChoices(now: number): readonly SnoozeChoice[] {
  const later = laterToday(now);
  const weekday = new Date(now).getDay();
  // On a Sunday the next Monday is tomorrow, which is offered already.
  const toMonday = weekday === 0 ? 8 : 8 - weekday;
  return [
    ...(later === null ? [] : [{ name: 'later', until: later } as const]),
    { name: 'tomorrow', until: morningIn(1, now) },
    { name: 'week', until: morningIn(toMonday, now) },
    { name: 'change', until: null },
  ];
}
