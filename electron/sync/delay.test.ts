import { expect, test } from 'vitest';
import { createManualClock } from '../stream/testing.ts';
import { createSleeper, delayBefore } from './delay.ts';

test('a sleep ends by time, by a call, or by the signal with its reason, and leaves no timer', async () => {
  const clock = createManualClock();
  const sleeper = createSleeper(clock);
  const ending = new AbortController();
  const slept = sleeper.sleep(1_000, ending.signal);
  clock.advance(1_000);
  await slept;
  const woken = [sleeper.sleep(1_000, ending.signal), sleeper.sleep(2_000, ending.signal)];
  sleeper.wake();
  await Promise.all(woken);
  const ended = sleeper.sleep(1_000, ending.signal);
  ending.abort(new Error('enough'));
  await expect(ended).rejects.toThrow('enough');
  await expect(sleeper.sleep(1_000, ending.signal)).rejects.toThrow('enough');
  expect(clock.waits()).toEqual([]);
});

test('each wait is longer than the one before, up to the bound, and half of it is drawn', () => {
  const bounds = { first: 100, most: 1_000 };
  expect([1, 2, 3, 4, 5, 60].map((attempt) => delayBefore(attempt, bounds, () => 1))).toEqual([
    100, 200, 400, 800, 1_000, 1_000,
  ]);
  expect(delayBefore(1, bounds, () => 0)).toBe(50);
});
