import { describe, expect, it } from 'vitest';
import { calendarDays, createFormats, dueTone, toInstant } from './format.ts';
import { createI18n } from './i18n.ts';
import { agoText, dueText, sinceText } from './words.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const en = createFormats('en-GB');
const ru = createFormats('ru');
/** A Monday noon of the computer's zone, whichever that is. */
const now = new Date(2026, 10, 23, 12, 0, 0).getTime();
const local = (day: number, hour = 12, minute = 0): number => new Date(2026, 10, day, hour, minute).getTime();
const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ');

describe('money', () => {
  it('is exact to the last digit, far beyond what a float can hold', () => {
    expect(en.amount({ value: '12345678901234567890.12', currency: 'EUR' })).toBe(
      '€12,345,678,901,234,567,890.12',
    );
    expect(plain(ru.amount({ value: '1250000.50', currency: 'RUB' }))).toBe('1 250 000,50 ₽');
  });

  it('drops empty cents, keeps unusual digits, knows currencies without cents', () => {
    expect(en.amount({ value: '100.00', currency: 'USD' })).toBe('US$100');
    expect(en.amount({ value: '0.12345', currency: 'EUR' })).toBe('€0.12345');
    expect(en.amount({ value: '5000', currency: 'JPY' })).toBe('JP¥5,000');
    expect(en.amount({ value: '-3.5', currency: 'EUR' })).toBe('-€3.50');
  });

  it('shows a currency it does not know by its code', () => {
    expect(plain(en.amount({ value: '7', currency: 'XQZ' }))).toBe('XQZ 7');
  });
});

describe('relative times', () => {
  const { t } = createI18n('en');
  const say = (instant: number): string => plain(agoText(t, en.ago(instant, now)));

  it('go from now over minutes and the clock to yesterday and the date', () => {
    expect(say(now - 20_000)).toBe('now');
    expect(say(now - 3 * MINUTE)).toBe('3 mins');
    expect(say(now - 59 * MINUTE)).toBe('59 mins');
    expect(say(now - 3 * HOUR)).toBe('09:00');
    expect(say(local(22, 23, 30))).toBe('yesterday');
    expect(say(local(20))).toBe('20 Nov');
    expect(say(new Date(2024, 1, 3).getTime())).toBe('03/02/24');
    // A row's column has room for eight digits and dots.
    expect(ru.ago(new Date(2025, 11, 31).getTime(), now)).toEqual({
      kind: 'text',
      text: '31.12.25',
      isSpan: false,
    });
  });

  it('stay sensible when the server’s clock is ahead', () => {
    expect(say(now + 30_000)).toBe('now');
    expect(say(now + 2 * HOUR)).toBe('14:00');
    expect(say(local(25))).toBe('25 Nov');
  });

  it('are in the user’s language', () => {
    expect(plain(agoText(createI18n('ru').t, ru.ago(now - 5 * MINUTE, now)))).toBe('5 мин');
  });
});

describe('moments', () => {
  it('name the weekday within a week and the date before', () => {
    expect(en.moment(local(23, 9, 12), now)).toBe('09:12');
    expect(en.moment(local(20, 18, 2), now)).toBe('Friday 18:02');
    expect(en.isToday(local(23, 0, 0), now)).toBe(true);
    expect(en.isToday(local(22, 23, 59), now)).toBe(false);
    expect(en.moment(local(2, 18, 2), now)).toBe('2 Nov, 18:02');
  });

  it('to come have one form wherever they stand: the weekday within a week, the date after', () => {
    expect(en.moment(local(24, 9), now)).toBe('Tue 09:00');
    expect(en.moment(local(30, 9), now)).toBe('30 Nov, 09:00');
    expect(ru.moment(local(24, 9), now)).toBe('вт 09:00');
  });

  it('decline the weekday after “since”', () => {
    const friday = local(20, 18, 2);
    expect(sinceText(createI18n('en').t, en, friday, now)).toBe('since Friday 18:02');
    expect(sinceText(createI18n('ru').t, ru, friday, now)).toBe('с пятницы 18:02');
    expect(sinceText(createI18n('ru').t, ru, local(17, 18, 2), now)).toBe('со вторника 18:02');
    expect(sinceText(createI18n('ru').t, ru, local(23, 9, 12), now)).toBe('с 09:12');
  });
});

describe('due dates', () => {
  const { t } = createI18n('en');
  const say = (instant: number): string => {
    const due = en.due(instant, now);
    return `${dueTone(due)}: ${dueText(t, en, due)}`;
  };

  it('count calendar days in the person’s zone', () => {
    expect(say(local(23, 9))).toBe('overdue: Overdue since 09:00');
    expect(say(local(22, 23, 59))).toBe('overdue: Overdue by 1 day');
    expect(say(local(20))).toBe('overdue: Overdue by 3 days');
    expect(say(local(23, 18))).toBe('soon: Due today, 18:00');
    expect(say(local(24, 0, 1))).toBe('soon: Due tomorrow');
    expect(say(local(26))).toBe('soon: Due in 3 days');
    expect(say(local(27))).toBe('later: Due in 4 days');
    expect(say(new Date(2027, 0, 20).getTime())).toBe('later: Due 20 Jan 2027');
  });

  it('are not shaken by the change of the clocks', () => {
    expect(calendarDays(new Date(2026, 2, 28, 12).getTime(), new Date(2026, 2, 29, 12).getTime())).toBe(1);
    expect(calendarDays(new Date(2026, 9, 24, 23).getTime(), new Date(2026, 9, 26, 1).getTime())).toBe(2);
  });
});

describe('what is no time', () => {
  it('is told apart', () => {
    expect(toInstant('soon')).toBeNull();
    expect(toInstant('2026-10-02T09:14:03Z')).toBe(Date.UTC(2026, 9, 2, 9, 14, 3));
    // Without a zone it is UTC, in whatever zone the computer stands.
    expect(toInstant('2026-10-02T09:14:03')).toBe(Date.UTC(2026, 9, 2, 9, 14, 3));
    expect(toInstant(5)).toBe(5);
  });
});
