import { describe, expect, it } from 'vitest';
import { snoozeChoices } from './snooze-choices.ts';

const at = (text: string): number => new Date(text).getTime();
const said = (text: string): string[] =>
  snoozeChoices(at(text)).map(({ name, until }) => {
    if (until === null) return name;
    const date = new Date(until);
    return `${name} ${date.getDate()}.${date.getMonth() + 1} ${date.getHours()}:${date.getMinutes()}`;
  });

describe('when a snoozed contract may come back', () => {
  it('offers times in words, all of them ahead', () => {
    expect(said('2026-11-24T10:20:00')).toEqual([
      'later 24.11 14:0',
      'tomorrow 25.11 9:0',
      'week 30.11 9:0',
      'change',
    ]);
    for (let hour = 0; hour < 24 * 8; hour += 1) {
      const now = at('2026-11-23T00:00:00') + hour * 3_600_000 + 1;
      for (const { until } of snoozeChoices(now)) expect(until === null || until > now).toBe(true);
    }
  });

  it('does not call the night today', () => {
    expect(said('2026-11-24T18:10:00')[0]).toBe('tomorrow 25.11 9:0');
    expect(said('2026-11-24T22:10:00')[0]).toBe('tomorrow 25.11 9:0');
  });

  it('means the Monday after a Monday, and says tomorrow only once', () => {
    expect(said('2026-11-23T22:00:00')).toContain('week 30.11 9:0');
    expect(said('2026-11-29T12:00:00')).not.toContain('week 30.11 9:0');
    expect(said('2026-12-31T22:00:00')).toContain('tomorrow 1.1 9:0');
  });
});
