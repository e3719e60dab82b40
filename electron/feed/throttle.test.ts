import { expect, test } from 'vitest';
import { createManualClock } from '../stream/testing.ts';
import { createThrottle } from './throttle.ts';

/** Lets promise callbacks run; timers are the manual clock's. */
async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

test('many asks become one run a period, and the last one is never forgotten', async () => {
  const clock = createManualClock();
  let runs = 0;
  const throttle = createThrottle(clock, 16, () => void (runs += 1));
  for (let n = 0; n < 100; n += 1) throttle.ask();
  clock.advance(0);
  await turn();
  expect(runs).toBe(1);
  for (let n = 0; n < 100; n += 1) throttle.ask();
  clock.advance(15);
  await turn();
  expect(runs).toBe(1);
  clock.advance(1);
  await turn();
  expect(runs).toBe(2);
  clock.advance(1000);
  await turn();
  expect(runs).toBe(2);
});

test('runs never overlap: what is asked meanwhile comes after', async () => {
  const clock = createManualClock();
  const ends: (() => void)[] = [];
  let running = 0;
  const throttle = createThrottle(clock, 16, async () => {
    running += 1;
    expect(running).toBe(1);
    await new Promise<void>((resolve) => ends.push(resolve));
    running -= 1;
  });
  throttle.ask();
  clock.advance(0);
  throttle.ask();
  clock.advance(100);
  expect(ends).toHaveLength(1);
  ends[0]?.();
  await turn();
  clock.advance(100);
  expect(ends).toHaveLength(2);
  const closed = throttle.close();
  ends[1]?.();
  await closed;
  throttle.ask();
  clock.advance(100);
  expect(ends).toHaveLength(2);
});
