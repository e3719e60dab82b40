import type { Conditions } from '../../../../protocol/filter.ts';

/** Spans that people ask for, in whole local days that include today. They go with the time, also in a saved view. */
export const DUE_PRESETS: readonly NonNullable<Conditions['due']>[] = [
  'past',
  { withinDays: 1 },
  { withinDays: 7 },
  { withinDays: 30 },
  'none',
];
export const PERIOD_PRESETS: readonly NonNullable<Conditions['period']>[] = [
  { lastDays: 1 },
  { lastDays: 7 },
  { lastDays: 30 },
];
