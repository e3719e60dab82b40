import { expect, test } from 'vitest';
import { createManualClock } from '../stream/testing.ts';
import { createThrottle, type Throttle } from './throttle.ts';

/** Lets promise callbacks run; timers are the manual clock's. */
async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** A throttle whose runs end when the test says so; each begins with `first`, and never beside another. */
function beginSlow(first: (throttle: Throttle, runs: number) => void = () => {}) {
  const clock = createManualClock();
  const ends: (() => void)[] = [];
  let running = 0;
  const throttle = createThrottle(clock, 16, async () => {
    running += 1;
    expect(running).toBe(1);
    first(throttle, ends.length);
    await new Promise<void>((resolve) => ends.push(resolve));
    running -= 1;
  });
  return { clock, ends, throttle };
}

test('many asks become one run a period, and the last one is never forgotten', async () => {
  const clock = createManualClock();
  let runs = 0;
  const throttle = createThrottle(clock, 16, () => void (runs += 1));
  for (let n = 0; n < 100; n += 1) throttle.ask();
  expect(runs).toBe(0);
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
  const { clock, ends, throttle } = beginSlow();
  throttle.ask();
  await turn();
  throttle.ask();
  clock.advance(100);
  await turn();
  expect(ends).toHaveLength(1);
  ends[0]?.();
  await turn();
  expect(ends).toHaveLength(2);
  const closed = throttle.close();
  ends[1]?.();
  await closed;
  throttle.ask();
  clock.advance(100);
  await turn();
  expect(ends).toHaveLength(2);
});

test('a run that asks for itself, before it waits for anything, is followed by another and not joined by it', async () => {
  const { clock, ends, throttle } = beginSlow((one, runs) => {
    if (runs === 0) one.ask();
  });
  throttle.ask();
  await turn();
  clock.advance(100);
  await turn();
  expect(ends).toHaveLength(1);
  ends[0]?.();
  await turn();
  expect(ends).toHaveLength(2);
  ends[1]?.();
  await throttle.close();
});

test('a burst runs at once, a flood at the steady pace, and calm gives the burst back', async () => {
  const clock = createManualClock();
  const runs: number[] = [];
  const throttle = createThrottle(clock, { everyMs: 16, burst: 4, steadyMs: 100, share: 0.25 }, () => {
    runs.push(clock.monotonic());
  });
  async function flood(ms: number): Promise<readonly number[]> {
    const from = runs.length;
    const end = clock.monotonic() + ms;
    while (clock.monotonic() < end) {
      throttle.ask();
      await turn();
      clock.advance(4);
      await turn();
    }
    return runs.slice(from).map((at) => at - (runs[from] ?? 0));
  }
  const first = await flood(1_000);
  expect(first.slice(0, 4)).toEqual([0, 16, 32, 48]);
  expect(first.length).toBeGreaterThanOrEqual(11);
  expect(first.length).toBeLessThanOrEqual(14);
  clock.advance(100);
  await turn();
  clock.advance(500);
  await turn();
  expect((await flood(100)).slice(0, 4)).toEqual([0, 16, 32, 48]);
  await throttle.close();
});

test('what is urgent comes with the next frame though all the time has been used, and is no burst for others', async () => {
  const clock = createManualClock();
  const runs: number[] = [];
  const throttle = createThrottle(clock, { everyMs: 16, burst: 2, steadyMs: 100, share: 0.25 }, async () => {
    runs.push(clock.monotonic());
    await new Promise<void>((resolve) => clock.after(200, resolve));
  });
  async function flood(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 4) {
      throttle.ask();
      await turn();
      clock.advance(4);
      await turn();
    }
  }
  await flood(2_000);
  const before = runs.length;
  const asked = clock.monotonic();
  throttle.askUrgently();
  await flood(400);
  expect((runs[before] ?? Infinity) - asked).toBeLessThanOrEqual(204);
  await flood(2_000);
  expect(runs.length - before).toBeLessThanOrEqual(4);
  const closed = throttle.close();
  clock.advance(200);
  await closed;
});

test('one that is closed before its turn has come does not run', async () => {
  let runs = 0;
  const throttle = createThrottle(createManualClock(), 16, () => void (runs += 1));
  throttle.ask();
  await throttle.close();
  await turn();
  expect(runs).toBe(0);
});

test('long runs leave most of the time to others', async () => {
  const clock = createManualClock();
  let runs = 0;
  const throttle = createThrottle(clock, { everyMs: 16, burst: 2, steadyMs: 100, share: 0.25 }, async () => {
    runs += 1;
    await new Promise<void>((resolve) => clock.after(200, resolve));
  });
  for (let ms = 0; ms < 8_000; ms += 4) {
    throttle.ask();
    await turn();
    clock.advance(4);
    await turn();
  }
  expect(runs).toBeGreaterThanOrEqual(10);
  expect(runs).toBeLessThanOrEqual(12);
  const closed = throttle.close();
  clock.advance(200);
  await closed;
});
