import type { Amount } from '../../protocol/event.ts';
import { parseInstant } from '../../protocol/instant.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Days from `now` before a due date is called soon. */
const SOON_DAYS = 3;

export type Due =
  | { readonly kind: 'overdue_since'; readonly time: string }
  | { readonly kind: 'overdue_days'; readonly days: number }
  | { readonly kind: 'today'; readonly time: string }
  | { readonly kind: 'tomorrow' }
  | { readonly kind: 'days'; readonly days: number }
  | { readonly kind: 'date'; readonly date: string };

export type Ago =
  | { readonly kind: 'now' }
  | { readonly kind: 'yesterday' }
  /** `isSpan`: how long ago; else a time or a date. */
  | { readonly kind: 'text'; readonly text: string; readonly isSpan: boolean };

/** Epoch ms of an RFC 3339 text, or of a number as it is; null where it is no time. */
export function toInstant(time: string | number): number | null {
  return typeof time === 'number' ? time : parseInstant(time);
}

/** Calendar days from `a` to `b` in the computer's zone; safe across changes of the clock. */
export function calendarDays(a: number, b: number): number {
  const day = (instant: number): number => {
    const date = new Date(instant);
    return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  };
  return Math.round((day(b) - day(a)) / DAY);
}

/**
 * Everything that depends on the locale, built once: `Intl` constructors are slow. Instants are epoch ms. A format keeps the zone
 * that it was built with, so all are built anew when the computer comes into another one (`timeZone`; default: the present one).
 */
export function createFormats(locale: string, timeZone?: string) {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, ...(timeZone !== undefined && { timeZone }) });
  const dateTime = format({ dateStyle: 'medium', timeStyle: 'short' });
  const exact = format({ dateStyle: 'full', timeStyle: 'long' });
  const clock = format({ timeStyle: 'short' });
  const clockSeconds = format({ timeStyle: 'medium' });
  const numericDay = format({ day: '2-digit', month: '2-digit', year: '2-digit' });
  const dayMonth = format({ day: 'numeric', month: 'short' });
  const dayMonthYear = format({ day: 'numeric', month: 'short', year: 'numeric' });
  // A Russian weekday in full would have to be declined; its abbreviation fits any sentence.
  const weekday = format({ weekday: locale.startsWith('ru') ? 'short' : 'long' });
  const weekdayShort = format({ weekday: 'short' });
  const weekdayName = { long: format({ weekday: 'long' }), short: weekdayShort };
  const weekdayDay = format({ weekday: 'short', day: 'numeric', month: 'short' });
  const currencyNames = new Intl.DisplayNames(locale, { type: 'currency', fallback: 'code' });
  const number = new Intl.NumberFormat(locale);
  const unit = (name: string) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short' });
  const units = { second: unit('second'), minute: unit('minute'), hour: unit('hour'), day: unit('day') };
  const money = new Map<string, Intl.NumberFormat>();

  function moneyFormat(currency: string, digits: number): Intl.NumberFormat {
    const key = `${currency} ${digits}`;
    let found = money.get(key);
    if (!found) {
      const base = new Intl.NumberFormat(locale, { style: 'currency', currency });
      const usual = base.resolvedOptions().maximumFractionDigits ?? 2;
      found = new Intl.NumberFormat(locale, {
        style: 'currency',
        currency,
        maximumFractionDigits: Math.max(usual, digits),
        trailingZeroDisplay: 'stripIfInteger',
      });
      money.set(key, found);
    }
    return found;
  }

  function day(instant: number, now: number): string {
    const sameYear = new Date(instant).getFullYear() === new Date(now).getFullYear();
    return (sameYear ? dayMonth : dayMonthYear).format(instant);
  }

  /** Fits a column: day and month this year, the date in digits before. */
  function shortDay(instant: number, now: number): string {
    const sameYear = new Date(instant).getFullYear() === new Date(now).getFullYear();
    return (sameYear ? dayMonth : numericDay).format(instant);
  }

  function span(ms: number): string {
    const abs = Math.abs(ms);
    const [name, size] =
      abs < MINUTE
        ? (['second', 1000] as const)
        : abs < HOUR
          ? (['minute', MINUTE] as const)
          : abs < DAY
            ? (['hour', HOUR] as const)
            : (['day', DAY] as const);
    // A number never parts from its unit at the end of a line.
    return units[name].format(Math.round(abs / size)).replaceAll(' ', '\u00a0');
  }

  return {
    locale,
    number: (value: number): string => number.format(value),
    /** Exact to the last digit: the decimal string is never turned into a float. */
    amount({ value, currency }: Amount): string {
      const fraction = value.split('.')[1]?.replace(/0+$/, '') ?? '';
      return moneyFormat(currency, fraction.length).format(value as `${number}`);
    },
    clock: (instant: number): string => clock.format(instant),
    clockSeconds: (instant: number): string => clockSeconds.format(instant),
    dateTime: (instant: number): string => dateTime.format(instant),
    /** 0: Sunday. */
    weekday: (day: number, how: 'long' | 'short'): string =>
      // The first of that month was a Sunday.
      weekdayName[how].format(new Date(2026, 10, 1 + day, 12)),
    exact: (instant: number): string => exact.format(instant),
    day,
    span,
    /** The clock's time today, the weekday and time within a week, the date and time beyond; of what was and what comes. */
    moment(instant: number, now: number, seconds = false): string {
      const time = (seconds ? clockSeconds : clock).format(instant);
      const days = calendarDays(instant, now);
      if (days === 0) return time;
      if (days > 0 && days < 7) return `${weekday.format(instant)} ${time}`;
      if (days < 0 && days > -7) return `${weekdayShort.format(instant)} ${time}`;
      return `${day(instant, now)}, ${time}`;
    },
    isToday: (instant: number, now: number): boolean => calendarDays(instant, now) === 0,
    dayMonth: (instant: number): string => dayMonth.format(instant),
    /** A weekday and date, as in a heading. */
    weekdayDay: (instant: number): string => weekdayDay.format(instant),
    currencyName: (code: string): string => currencyNames.of(code) ?? code,
    /** In steps of 1000, at least kB. */
    bytes(value: number): string {
      const step = value < 1e6 ? 'kilobyte' : value < 1e9 ? 'megabyte' : 'gigabyte';
      const size = value / { kilobyte: 1e3, megabyte: 1e6, gigabyte: 1e9 }[step];
      return new Intl.NumberFormat(locale, {
        style: 'unit',
        unit: step,
        maximumFractionDigits: size < 10 ? 1 : 0,
      }).format(size);
    },
    /** As short as a list row needs. What lies less than a minute ahead (clocks differ) is now. */
    ago(instant: number, now: number): Ago {
      const past = now - instant;
      if (past < MINUTE && past > -MINUTE) return { kind: 'now' };
      const days = calendarDays(instant, now);
      if (past < 0)
        return {
          kind: 'text',
          text: days === 0 ? clock.format(instant) : shortDay(instant, now),
          isSpan: false,
        };
      if (past < HOUR)
        return { kind: 'text', text: units.minute.format(Math.floor(past / MINUTE)), isSpan: true };
      if (days === 0) return { kind: 'text', text: clock.format(instant), isSpan: false };
      if (days === 1) return { kind: 'yesterday' };
      return { kind: 'text', text: shortDay(instant, now), isSpan: false };
    },
    due(instant: number, now: number): Due {
      const days = calendarDays(now, instant);
      if (instant < now) {
        return days === 0
          ? { kind: 'overdue_since', time: clock.format(instant) }
          : { kind: 'overdue_days', days: -days };
      }
      if (days === 0) return { kind: 'today', time: clock.format(instant) };
      if (days === 1) return { kind: 'tomorrow' };
      if (days <= 14) return { kind: 'days', days };
      return { kind: 'date', date: day(instant, now) };
    },
  };
}

export type Formats = ReturnType<typeof createFormats>;

/** How a due date weighs: passed, within three days, later. */
export function dueTone(due: Due): 'overdue' | 'soon' | 'later' {
  if (due.kind === 'overdue_since' || due.kind === 'overdue_days') return 'overdue';
  if (due.kind === 'today' || due.kind === 'tomorrow') return 'soon';
  return due.kind === 'days' && due.days <= SOON_DAYS ? 'soon' : 'later';
}
