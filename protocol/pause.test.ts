import { afterEach, expect, test, vi } from 'vitest';
import { pauseEnd, untilPauseEnds } from './pause.ts';

afterEach(() => vi.unstubAllEnvs());

const at = (text: string): number => Date.parse(text);

test('an hour is an hour, and tomorrow begins at eight, also over a change of the clocks', () => {
  vi.stubEnv('TZ', 'Europe/Berlin');
  const noon = at('2026-12-01T12:00:00+01:00');
  expect(pauseEnd('hour', noon)).toBe(at('2026-12-01T13:00:00+01:00'));
  expect(pauseEnd('tomorrow', noon)).toBe(at('2026-12-02T08:00:00+01:00'));
  // The night of 25 hours, and the one of 23.
  for (const [evening, morning] of [
    ['2026-10-24T23:30:00+02:00', '2026-10-25T08:00:00+01:00'],
    ['2026-03-28T23:30:00+01:00', '2026-03-29T08:00:00+02:00'],
    ['2026-10-25T00:01:00+02:00', '2026-10-26T08:00:00+01:00'],
  ] as const) {
    const end = pauseEnd('tomorrow', at(evening));
    expect(end).toBe(at(morning));
    expect(untilPauseEnds(end, at(evening))).toBe(end - at(evening));
  }
});

test('what is over, or would last for days because the clock was set, is no pause', () => {
  expect(untilPauseEnds(null, 0)).toBeNull();
  expect(untilPauseEnds(1_000, 400)).toBe(600);
  expect(untilPauseEnds(1_000, 1_000)).toBeNull();
  expect(untilPauseEnds(at('2036-01-01T00:00:00Z'), at('2026-01-01T00:00:00Z'))).toBeNull();
});
