import type { TFunction } from 'i18next';
import type { ConditionKey, Conditions, Span } from '../../../../protocol/filter.ts';
import type { Formats } from '../../../i18n/format.ts';
import { statusLabel } from '../../../i18n/words.ts';

function several(t: TFunction, formats: Formats, names: readonly string[]): string {
  const [first = '', ...others] = names;
  if (others.length === 0) return first;
  return t('filter.more', { first, count: others.length, n: formats.number(others.length) });
}

/** `to` is exclusive, and usually a midnight: people are told the last day that is in it. */
function spanText(t: TFunction, formats: Formats, { from, to }: Span, now: number): string {
  const start = from === null ? null : formats.day(from, now);
  const end = to === null ? null : formats.day(to - 1, now);
  if (start !== null && end !== null)
    return start === end ? start : t('filter.between', { from: start, to: end });
  if (start !== null) return t('filter.after', { date: start });
  return t('filter.before', { date: end ?? '' });
}

function daysText(t: TFunction, formats: Formats, of: 'lastDays' | 'withinDays', count: number): string {
  return count === 1 ? t('filter.today') : t(`filter.${of}`, { count, n: formats.number(count) });
}

function dueText(t: TFunction, formats: Formats, due: NonNullable<Conditions['due']>, now: number): string {
  if (due === 'none') return t('filter.dueNone');
  if (due === 'past') return t('filter.duePast');
  if ('withinDays' in due) return daysText(t, formats, 'withinDays', due.withinDays);
  return spanText(t, formats, due, now);
}

interface Telling {
  readonly t: TFunction;
  readonly formats: Formats;
  readonly now: number;
}

const TEXTS: {
  readonly [K in ConditionKey]: (telling: Telling, asked: NonNullable<Conditions[K]>) => string;
} = {
  statuses: ({ t, formats }, codes) =>
    several(
      t,
      formats,
      codes.map((code) => statusLabel(t, code)),
    ),
  severities: ({ t, formats }, names) =>
    several(
      t,
      formats,
      names.map((name) => t(`severity.${name}`)),
    ),
  parties: ({ t, formats }, names) => several(t, formats, names),
  actors: ({ t, formats }, names) => several(t, formats, names),
  amount({ t, formats }, { currency, min, max }) {
    const money = (value: string): string => formats.amount({ value, currency });
    if (min !== null && max !== null) return t('filter.between', { from: money(min), to: money(max) });
    if (min !== null) return t('filter.atLeast', { amount: money(min) });
    if (max !== null) return t('filter.atMost', { amount: money(max) });
    return t('filter.anyIn', { currency });
  },
  due: ({ t, formats, now }, due) => dueText(t, formats, due, now),
  period: ({ t, formats, now }, period) =>
    'lastDays' in period
      ? daysText(t, formats, 'lastDays', period.lastDays)
      : spanText(t, formats, period, now),
};

/** What a condition asks, short enough for a chip. */
export function conditionText(
  t: TFunction,
  formats: Formats,
  conditions: Conditions,
  key: ConditionKey,
  now: number,
): string {
  const asked = conditions[key];
  if (asked === undefined) return '';
  return TEXTS[key]({ t, formats, now }, asked as never);
}
