export type SnoozeName = 'later' | 'tomorrow' | 'week' | 'change';

export interface SnoozeChoice {
  readonly name: SnoozeName;
  /** Epoch ms; null: until the contract's next change. */
  readonly until: number | null;
}

const MORNING = 9;
/** A later hour than this belongs to tomorrow. */
const EVENING = 20;

/**
 * When a contract may come back, from `now` (epoch ms) and the computer's zone: in three hours (on the hour, while
 * that is still today's working evening), tomorrow and next Monday at nine, or with its next change alone.
 */
export function snoozeChoices(now: number): readonly SnoozeChoice[] {
  const later = new Date(now);
  later.setMinutes(0, 0, 0);
  later.setHours(later.getHours() + (now > later.getTime() ? 4 : 3));
  const sameDay = later.getDate() === new Date(now).getDate() && later.getHours() <= EVENING;
  const morning = (days: number): number => {
    const date = new Date(now);
    date.setDate(date.getDate() + days);
    return date.setHours(MORNING, 0, 0, 0);
  };
  const toMonday = (8 - new Date(now).getDay()) % 7 || 7;
  return [
    ...(sameDay ? [{ name: 'later', until: later.getTime() } as const] : []),
    { name: 'tomorrow', until: morning(1) },
    // On a Sunday that would say tomorrow twice.
    ...(toMonday > 1 ? [{ name: 'week', until: morning(toMonday) } as const] : []),
    { name: 'change', until: null },
  ];
}
