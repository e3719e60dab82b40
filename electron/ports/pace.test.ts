import { expect, test } from 'vitest';
import type { Clock } from './clock.ts';
import { createPace } from './pace.ts';

function createTestClock(): Clock & { advance(ms: number): void } {
  let now = 0;
  return { now: () => now, monotonic: () => now, after: () => () => {}, advance: (ms) => void (now += ms) };
}

/** Until it is too slow, ms; null where it never is. */
function givenUp(bytesASecond: number, seconds = 3_600): number | null {
  const clock = createTestClock();
  const pace = createPace(clock, 120_000);
  for (let second = 0; second <= seconds; second += 1) {
    if (pace.isTooSlow(bytesASecond)) return second * 1_000;
    clock.advance(1_000);
  }
  return null;
}

test('what drips is given up after two minutes; what comes at 1 kB a second or more after half an hour', () => {
  expect(givenUp(1)).toBe(121_000);
  expect(givenUp(500)).toBe(242_000);
  expect(givenUp(1_000)).toBe(1_801_000);
  expect(givenUp(1_000_000)).toBe(1_801_000);
  expect(givenUp(1_000, 1_000)).toBeNull();
});

test('the time is that of what is not whole, and of no pause before it', () => {
  const clock = createTestClock();
  const pace = createPace(clock, 120_000);
  clock.advance(3_600_000);
  expect(pace.isTooSlow(1)).toBe(false);
  clock.advance(120_000);
  expect(pace.isTooSlow(1)).toBe(false);
  pace.renew();
  clock.advance(3_600_000);
  expect(pace.isTooSlow(1)).toBe(false);
});
