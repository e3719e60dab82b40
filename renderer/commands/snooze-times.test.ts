import { describe, expect, it } from 'vitest';
import { snoozeChoices } from './snooze-times.ts';

const at = (day: number, hour: number, minute = 0): number => new Date(2026, 10, day, hour, minute).getTime();
const untilOf = (now: number, name: string): number | null | undefined =>
  snoozeChoices(now).find((choice) => choice.name === name)?.until;

describe('what snoozing offers', () => {
  it('is later today while the day lasts', () => {
    expect(untilOf(at(23, 10, 12), 'later')).toBe(at(23, 14));
    expect(untilOf(at(23, 17), 'later')).toBe(at(23, 20));
    expect(untilOf(at(23, 17, 1), 'later')).toBeUndefined();
    expect(untilOf(at(23, 22), 'later')).toBeUndefined();
  });

  it('is tomorrow morning and next Monday, on every weekday', () => {
    for (let day = 16; day <= 22; day += 1) {
      expect(untilOf(at(day, 12), 'tomorrow')).toBe(at(day + 1, 9));
      expect(untilOf(at(day, 12), 'week')).toBe(at(day === 22 ? 30 : 23, 9));
    }
    expect(untilOf(at(23, 12), 'week')).toBe(at(30, 9));
  });

  it('is until the next change', () => {
    expect(untilOf(at(23, 12), 'change')).toBeNull();
  });
});
