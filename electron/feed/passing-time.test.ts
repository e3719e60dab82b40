import { expect, test } from 'vitest';
import { createManualClock } from '../stream/testing.ts';
import { createPassingTime } from './passing-time.ts';

/** Lets promise callbacks run; timers are the manual clock's. */
async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Snoozes as the ledger would keep them; what is told, in order. */
function begin(startAt?: number) {
  const clock = createManualClock(startAt);
  const snoozes = new Map<string, number>();
  const told: string[] = [];
  const known = { now: true, offset: 0 };
  let asked = 0;
  const time = createPassingTime({
    ledger: {
      async wakeSnoozed(_accountId, now) {
        asked += 1;
        const contracts = [...snoozes].flatMap(([id, until]) => (until <= now ? [id] : []));
        for (const id of contracts) snoozes.delete(id);
        const next = Math.min(...snoozes.values());
        return { contracts, nextAt: Number.isFinite(next) ? next : null };
      },
    },
    accountId: 1,
    clock,
    lastingNow: () => (known.now ? clock.now() + known.offset : null),
    onWoken: (contracts, atStart) => told.push(...(contracts ?? ['many']), ...(atStart ? ['at start'] : [])),
    onTick: () => told.push('tick'),
    onFailure: (error) => told.push(String(error)),
  });
  return { clock, known, snoozes, told, time, asked: () => asked };
}

const NOON = new Date(2026, 9, 14, 12).getTime();

test('snoozes end on time, not a minute later', async () => {
  const { clock, snoozes, told, time } = begin(NOON);
  snoozes.set('a', NOON + 10_000);
  snoozes.set('b', NOON + 25_000);
  time.look();
  await turn();
  clock.advance(9_999);
  await turn();
  expect(told).toEqual([]);
  clock.advance(1);
  await turn();
  expect(told).toEqual(['a']);
  clock.advance(15_000);
  await turn();
  expect(told).toEqual(['a', 'b']);
  await time.close();
});

test('nothing ends while it is not known how late it is; what ended before the start is said to have', async () => {
  const { clock, known, snoozes, told, time, asked } = begin(NOON);
  known.now = false;
  snoozes.set('before', NOON - 1);
  snoozes.set('soon', NOON + 5_000);
  time.look();
  await turn();
  clock.advance(2_000);
  await turn();
  expect(asked()).toBe(0);
  known.now = true;
  clock.advance(1_000);
  await turn();
  expect(told).toEqual(['before', 'at start']);
  clock.advance(2_000);
  await turn();
  expect(told).toEqual(['before', 'at start', 'soon']);
  await time.close();
});

test('a snooze ends by the time that lasts, whatever the computer’s clock says', async () => {
  const { clock, known, snoozes, told, time } = begin(NOON);
  snoozes.set('a', NOON + 10_000);
  known.offset = -5_000;
  time.look();
  await turn();
  clock.advance(14_999);
  await turn();
  expect(told).toEqual([]);
  clock.advance(1);
  await turn();
  expect(told).toEqual(['a']);
  await time.close();
});

test('a snooze that is shorter than what was waited for is looked at when told of', async () => {
  const { clock, snoozes, told, time } = begin(NOON);
  time.look();
  await turn();
  snoozes.set('soon', NOON + 5_000);
  time.look();
  await turn();
  clock.advance(5_000);
  await turn();
  expect(told).toEqual(['soon']);
  await time.close();
});

test('it ticks each minute, and at midnight', async () => {
  const midnight = new Date(2026, 9, 15).getTime();
  const { clock, told, time } = begin(midnight - 90_000);
  time.look();
  await turn();
  const at: number[] = [];
  for (let second = 0; second < 200; second += 1) {
    const before = told.length;
    clock.advance(1_000);
    await turn();
    if (told.length > before) at.push((clock.now() - midnight) / 1_000);
  }
  expect(at).toEqual([-30, 0, 60]);
  await time.close();
});

test('after its end nothing is asked any more', async () => {
  const { clock, snoozes, time, asked } = begin(NOON);
  snoozes.set('a', NOON + 10_000);
  time.look();
  await time.close();
  const before = asked();
  clock.advance(600_000);
  time.look();
  await turn();
  expect(asked()).toBe(before);
});

test.each([
  // A day of 23 hours, one of 25, and one that begins at 01:00.
  ['Europe/Berlin', '2026-03-28T22:59:00Z', '2026-03-29T22:00:00Z'],
  ['Europe/Berlin', '2026-10-24T21:59:00Z', '2026-10-25T23:00:00Z'],
  ['Africa/Cairo', '2026-04-23T21:59:00Z', '2026-04-24T21:00:00Z'],
])('each day of %s begins with a tick, also when the clocks change', async (zone, from, to) => {
  const before = process.env['TZ'];
  process.env['TZ'] = zone;
  try {
    const { clock, told, time } = begin(Date.parse(from));
    time.look();
    await turn();
    let begun = 0;
    while (clock.now() < Date.parse(to)) {
      const ticks = told.length;
      const day = new Date(clock.now()).getDate();
      clock.advance(1_000);
      await turn();
      if (new Date(clock.now()).getDate() === day) continue;
      begun += 1;
      // Whatever is read at this tick is of the new day.
      expect(told.length, new Date(clock.now()).toISOString()).toBe(ticks + 1);
    }
    expect(begun).toBe(2);
    await time.close();
  } finally {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  }
});
