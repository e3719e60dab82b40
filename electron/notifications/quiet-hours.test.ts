import { expect, test } from 'vitest';
import { untilQuietEnds } from './quiet-hours.ts';

const MINUTE = 60_000;
const NIGHT = { from: '22:00', to: '07:00' };
/** Local time of an ordinary day. */
const at = (hours: number, minutes = 0, seconds = 0) =>
  new Date(2026, 9, 14, hours, minutes, seconds).getTime();

test('over midnight', () => {
  expect(untilQuietEnds(NIGHT, at(21, 59, 59))).toBeNull();
  expect(untilQuietEnds(NIGHT, at(22))).toBe(9 * 60 * MINUTE);
  expect(untilQuietEnds(NIGHT, at(0))).toBe(7 * 60 * MINUTE);
  expect(untilQuietEnds(NIGHT, at(6, 59, 30))).toBe(MINUTE / 2);
  expect(untilQuietEnds(NIGHT, at(7))).toBeNull();
});

test('within a day', () => {
  const lunch = { from: '12:30', to: '13:15' };
  expect(untilQuietEnds(lunch, at(12, 29))).toBeNull();
  expect(untilQuietEnds(lunch, at(12, 30))).toBe(45 * MINUTE);
  expect(untilQuietEnds(lunch, at(13, 15))).toBeNull();
});

test('none', () => {
  expect(untilQuietEnds(null, at(3))).toBeNull();
  expect(untilQuietEnds({ from: '08:00', to: '08:00' }, at(8))).toBeNull();
});
