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
    onWoken: (contracts) => told.push(...(contracts ?? ['many'])),
    onTick: () => told.push('tick'),
    onTrouble: (error) => told.push(String(error)),
  });
  return { clock, snoozes, told, time, asked: () => asked };
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
