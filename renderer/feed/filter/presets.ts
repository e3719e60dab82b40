export interface Preset {
  readonly name: 'today' | 'days7' | 'days30' | 'past' | 'next7' | 'next30' | 'noDue';
  readonly value: 'none' | { readonly from: number | null; readonly to: number | null };
}

/** Midnight, so many days from now, by the computer's clock. Epoch ms. */
function midnight(days: number, now: number): number {
  const date = new Date(now);
  date.setHours(0, 0, 0, 0);
  date.setDate(date.getDate() + days);
  return date.getTime();
}

/** Spans that people ask for, in whole local days that include today. */
export function presetsOf(of: 'due' | 'period', now: number): readonly Preset[] {
  const days = (from: number, to: number) => ({ from: midnight(from, now), to: midnight(to, now) });
  if (of === 'period')
    return [
      { name: 'today', value: days(0, 1) },
      { name: 'days7', value: days(-6, 1) },
      { name: 'days30', value: days(-29, 1) },
    ];
  return [
    { name: 'past', value: { from: null, to: now } },
    { name: 'today', value: days(0, 1) },
    { name: 'next7', value: days(0, 7) },
    { name: 'next30', value: days(0, 30) },
    { name: 'noDue', value: 'none' },
  ];
}
