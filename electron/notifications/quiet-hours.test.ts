import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WEEKDAYS, type Settings, type Weekday } from '../../protocol/settings.ts';
import { untilQuietEnds } from './quiet-hours.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const ALL = [...WEEKDAYS];
const WORKING: Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri'];
type Hours = NonNullable<Settings['quietHours']>;
const NIGHT: Hours = { from: '22:00', to: '07:00', days: ALL, wholeDays: [] };
/** Local time of a Wednesday, or of so many days after it. */
const at = (hours: number, minutes = 0, seconds = 0, days = 0) =>
  new Date(2026, 9, 14 + days, hours, minutes, seconds).getTime();

test('over midnight', () => {
  expect(untilQuietEnds(NIGHT, at(21, 59, 59))).toBeNull();
  expect(untilQuietEnds(NIGHT, at(22))).toBe(9 * HOUR);
  expect(untilQuietEnds(NIGHT, at(0))).toBe(7 * HOUR);
  expect(untilQuietEnds(NIGHT, at(6, 59, 30))).toBe(MINUTE / 2);
  expect(untilQuietEnds(NIGHT, at(7))).toBeNull();
});

test('within a day', () => {
  const lunch = { ...NIGHT, from: '12:30', to: '13:15' };
  expect(untilQuietEnds(lunch, at(12, 29))).toBeNull();
  expect(untilQuietEnds(lunch, at(12, 30))).toBe(45 * MINUTE);
  expect(untilQuietEnds(lunch, at(13, 15))).toBeNull();
});

test('none', () => {
  expect(untilQuietEnds(null, at(3))).toBeNull();
  expect(untilQuietEnds({ ...NIGHT, from: '08:00', to: '08:00' }, at(8))).toBeNull();
  expect(untilQuietEnds({ ...NIGHT, days: [] }, at(23))).toBeNull();
});

test('on chosen days: a night is of the day on which it begins', () => {
  const hours = { ...NIGHT, days: WORKING };
  const [friday, saturday, sunday, monday] = [2, 3, 4, 5];
  expect(untilQuietEnds(hours, at(23, 0, 0, friday))).toBe(8 * HOUR);
  expect(untilQuietEnds(hours, at(6, 0, 0, saturday))).toBe(HOUR);
  expect(untilQuietEnds(hours, at(23, 0, 0, saturday))).toBeNull();
  expect(untilQuietEnds(hours, at(6, 0, 0, monday))).toBeNull();
  expect(untilQuietEnds(hours, at(23, 0, 0, sunday))).toBeNull();
  expect(untilQuietEnds(hours, at(22, 0, 0, monday))).toBe(9 * HOUR);
});

test('whole days run from midnight to midnight, and into the nights at their ends', () => {
  const weekend: Hours = { ...NIGHT, days: [], wholeDays: ['sat', 'sun'] };
  expect(untilQuietEnds(weekend, at(23, 59, 59, 2))).toBeNull();
  expect(untilQuietEnds(weekend, at(0, 0, 0, 3))).toBe(48 * HOUR);
  expect(untilQuietEnds(weekend, at(12, 0, 0, 4))).toBe(12 * HOUR);
  expect(untilQuietEnds(weekend, at(0, 0, 0, 5))).toBeNull();
  // From Friday's night through to Monday's morning.
  expect(untilQuietEnds({ ...weekend, days: ALL }, at(22, 0, 0, 2))).toBe(57 * HOUR);
});

test('a week that is quiet throughout ends in no round without an end', () => {
  const always = { ...NIGHT, wholeDays: ALL };
  expect(untilQuietEnds(always, at(12))).toBeGreaterThan(6 * 24 * HOUR);
});

describe('where the clocks change', () => {
  const before = process.env['TZ'];
  beforeEach(() => {
    process.env['TZ'] = 'Europe/Berlin';
  });
  afterEach(() => {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  });

  test.each([
    // The night in which an hour is left out, the one that has an hour twice, and one like any other.
    ['2026-03-28T21:00:00Z', 8 * HOUR],
    ['2026-10-24T20:00:00Z', 10 * HOUR],
    ['2026-11-24T21:00:00Z', 9 * HOUR],
  ])('a night from %s lasts until seven by the clock', (from, length) => {
    expect(untilQuietEnds(NIGHT, Date.parse(from) - 1)).toBeNull();
    expect(untilQuietEnds(NIGHT, Date.parse(from))).toBe(length);
    expect(untilQuietEnds(NIGHT, Date.parse(from) + length - 1)).toBe(1);
    expect(untilQuietEnds(NIGHT, Date.parse(from) + length)).toBeNull();
  });

  test('a whole day of 23 or 25 hours is quiet to its end', () => {
    const sundays: Hours = { ...NIGHT, days: [], wholeDays: ['sun'] };
    expect(untilQuietEnds(sundays, Date.parse('2026-03-28T23:00:00Z'))).toBe(23 * HOUR);
    expect(untilQuietEnds(sundays, Date.parse('2026-10-24T22:00:00Z'))).toBe(25 * HOUR);
  });

  test('times that the clock leaves out, or shows twice, begin and end one quiet span', () => {
    const early = { ...NIGHT, from: '02:15', to: '02:45' };
    for (const day of ['2026-03-29', '2026-10-25']) {
      const midnight = new Date(`${day}T00:00:00`).getTime();
      const quiet = Array.from({ length: 24 * 60 }, (_, minute) =>
        untilQuietEnds(early, midnight + minute * MINUTE) === null ? 0 : 1,
      );
      expect(quiet.filter((one, i) => one === 1 && quiet[i - 1] !== 1)).toHaveLength(1);
      expect(quiet.filter((one) => one === 1)).toHaveLength(30);
    }
  });

  test('another zone has its own day and hour', () => {
    const hours: Hours = { ...NIGHT, days: ['fri'], wholeDays: ['sun'] };
    // Friday 23:30 in Berlin, Saturday morning in Tokyo.
    const now = Date.parse('2026-10-16T21:30:00Z');
    expect(untilQuietEnds(hours, now)).toBe(7.5 * HOUR);
    process.env['TZ'] = 'Asia/Tokyo';
    expect(untilQuietEnds(hours, now)).toBe(0.5 * HOUR);
    expect(untilQuietEnds(hours, Date.parse('2026-10-17T15:00:00Z'))).toBe(24 * HOUR);
    process.env['TZ'] = 'America/New_York';
    expect(untilQuietEnds(hours, now)).toBeNull();
  });
});
