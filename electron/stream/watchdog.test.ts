import { expect, test } from 'vitest';
import { createManualClock } from './testing.ts';
import { createWatchdog } from './watchdog.ts';

function harness(): {
  clock: ReturnType<typeof createManualClock>;
  said: string[];
  dog: ReturnType<typeof createWatchdog>;
} {
  const clock = createManualClock();
  const said: string[] = [];
  return { clock, said, dog: createWatchdog(clock, (why) => said.push(why)) };
}

test('barks once the silence lasted too long, counted from the last sign of life', () => {
  const { clock, said, dog } = harness();
  dog.expect(100);
  clock.advance(99);
  dog.alive();
  clock.advance(99);
  expect(said).toEqual([]);
  clock.advance(1);
  expect(said).toEqual(['silence']);
});

test('a shorter tolerance counts from the last sign of life, a longer one takes its place', () => {
  const { clock, said, dog } = harness();
  dog.expect(1000);
  clock.advance(60);
  dog.tolerate(100);
  clock.advance(30);
  dog.tolerate(200);
  clock.advance(109);
  expect(said).toEqual([]);
  clock.advance(1);
  expect(said).toEqual(['silence']);
});

test('a check wants a sign within its own bound, and one is enough', () => {
  const { clock, said, dog } = harness();
  dog.expect(10_000);
  dog.check(500);
  clock.advance(499);
  dog.alive();
  clock.advance(5000);
  expect(said).toEqual([]);
  dog.check(500);
  clock.advance(500);
  expect(said).toEqual(['check']);
});

test('while held it says nothing, and the count begins anew', () => {
  const { clock, said, dog } = harness();
  dog.expect(100);
  dog.hold();
  dog.check(50);
  clock.advance(100_000);
  dog.release();
  clock.advance(49);
  expect(said).toEqual([]);
  clock.advance(1);
  expect(said).toEqual(['check']);
});

test('stopped is stopped', () => {
  const { clock, said, dog } = harness();
  dog.expect(100);
  dog.stop();
  clock.advance(100_000);
  expect(said).toEqual([]);
});

test.each([3_600_000, 30_060])(
  'after %i ms asleep or blocked what came meanwhile gets a moment to be read',
  (ms) => {
    const { clock, said } = harness();
    const timers: (() => void)[] = [];
    const late = {
      ...clock,
      after(_ms: number, run: () => void) {
        timers.push(run);
        return () => {};
      },
    };
    const dog = createWatchdog(late, (why) => said.push(why));
    dog.expect(30_000);
    clock.advance(ms);
    timers.shift()?.();
    expect(said).toEqual([]);
    clock.advance(1_000);
    timers.shift()?.();
    expect(said).toEqual(['silence']);
  },
);
