import { describe, expect, test } from 'vitest';
import { createManualClock } from '../stream/testing.ts';
import { createLateness } from './lateness.ts';
import { createServerClock } from './server-clock.ts';

/** A server whose clock is `skewMs` ahead, and a stream whose heads are under way for as long as told. */
function begin(skewMs: number) {
  const clock = createManualClock();
  const serverClock = createServerClock(clock);
  const told: (number | null)[] = [];
  const sure: boolean[] = [];
  const lateness = createLateness({
    serverClock,
    onLate(late) {
      told.push(late?.byMs ?? null);
      if (late !== null) sure.push(late.sure);
    },
  });
  let skew = skewMs;
  const serverNow = (): number => clock.now() + skew;
  return {
    clock,
    serverClock,
    lateness,
    told,
    sure,
    jump: (ms: number) => void (skew += ms),
    /** A request that takes a second there and one back, and names the time by `Date` or in its body. */
    pair(how: 'header' | 'precise') {
      const sentAt = clock.monotonic();
      clock.advance(1000);
      const at = serverNow();
      clock.advance(1000);
      if (how === 'header') serverClock.header(new Date(at).toUTCString(), sentAt, clock.monotonic());
      else serverClock.precise(new Date(at).toISOString(), sentAt, clock.monotonic());
    },
    /** Heads every 15 s, each of which took so long. */
    heads(...delays: readonly number[]) {
      for (const delay of delays) {
        clock.advance(15_000);
        lateness.head(new Date(serverNow() - delay).toISOString(), 15_000, clock.monotonic());
      }
    },
  };
}

describe.each([0, 7_200_000, -7_200_000])('a server clock that is %i ms ahead', (skew) => {
  test.each(['header', 'precise'] as const)(
    'a constant delay is found, though it looks like a clock (%s)',
    (how) => {
      const { pair, heads, told, sure, serverClock } = begin(skew);
      pair(how);
      expect(Math.abs((serverClock.skewMs() ?? 0) - skew)).toBeLessThanOrEqual(1_500);
      heads(9_000);
      expect(told).toEqual([]);
      heads(9_000);
      // Never more than it was, and less by no more than the request took and HTTP's second.
      expect(told).toHaveLength(1);
      expect(told[0]).toBeLessThanOrEqual(9_000);
      expect(told[0]).toBeGreaterThanOrEqual(7_000 - (how === 'header' ? 1_000 : 0));
      expect(sure).toEqual([how === 'precise']);
    },
  );

  test('what comes in bursts is found by the older of its heads, and its end is told', () => {
    const { pair, heads, told } = begin(skew);
    pair('precise');
    heads(25_000, 10_000, 300, 24_000);
    expect(told.length).toBeGreaterThan(0);
    expect(told.at(-1)).toBeGreaterThan(5_000);
    heads(20, 20, 20, 20);
    expect(told.at(-1)).toBeNull();
  });

  test('heads whose time stands still (that of the last change, or the day) say nothing of how late they are', () => {
    const { pair, heads, told, clock, lateness } = begin(skew);
    pair('precise');
    const at = new Date(clock.now() + skew).toISOString();
    for (let i = 0; i < 20; i++) {
      clock.advance(15_000);
      lateness.head(at, 15_000, clock.monotonic());
    }
    expect(told).toEqual([]);
    heads(9_000, 9_000);
    expect(told.length).toBeGreaterThan(0);
  });

  test('of one head alone it is known whether it came late, unless its time stands still', () => {
    const { pair, clock, lateness } = begin(skew);
    const isHeldUp = (delay: number): boolean =>
      lateness.isHeldUp(new Date(clock.now() + skew - delay).toISOString(), 15_000, clock.monotonic());
    expect(isHeldUp(9_000)).toBe(false);
    pair('header');
    // By the clock of a proxy.
    expect([isHeldUp(9_001), isHeldUp(60_000)]).toEqual([false, true]);
    pair('precise');
    expect([isHeldUp(20), isHeldUp(9_000), isHeldUp(9_000), isHeldUp(9_001)]).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  test('while the clock is not known, nothing is told', () => {
    const { heads, told } = begin(skew);
    heads(9_000, 9_000, 9_000);
    expect(told).toEqual([]);
  });

  test('prompt heads, and one that was late alone, tell nothing', () => {
    const { pair, heads, told } = begin(skew);
    pair('header');
    heads(20, 30, 8_000, 10, 1_900, 30, 2_000, 20, 20, 60_000, 20, 20);
    expect(told).toEqual([]);
  });
});

test('when the clock of the server has jumped back, a new pair shows that nothing was late', () => {
  const { pair, heads, told, jump, lateness } = begin(0);
  pair('precise');
  heads(10, 10);
  expect(lateness.wasLate()).toBeNull();
  jump(-3_600_000);
  heads(10, 10);
  expect(told).toHaveLength(1);
  pair('precise');
  expect(lateness.wasLate()).toBe(false);
  expect(lateness.wasLate()).toBeNull();
  lateness.reset();
  expect(told.at(-1)).toBeNull();
  heads(10, 10, 9_000, 9_000);
  pair('precise');
  expect(lateness.wasLate()).toBe(true);
});

test('this computer’s clock may jump: durations are not taken by it', () => {
  const { clock, serverClock } = begin(0);
  const sentAt = clock.monotonic();
  serverClock.precise(new Date(clock.now()).toISOString(), sentAt, clock.monotonic());
  expect(serverClock.age(new Date(clock.now()).toISOString(), clock.monotonic())?.atLeastMs).toBe(0);
  serverClock.forget();
  expect(serverClock.age(new Date(clock.now()).toISOString(), clock.monotonic())).toBeNull();
  expect(serverClock.skewMs()).toBeNull();
});
