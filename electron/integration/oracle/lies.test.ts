import { expect, test, vi } from 'vitest';
import { AWAITED } from './awaited.ts';
import { FIXED_WORLDS } from './fixed-worlds.ts';
import { LIES } from './lies.ts';
import { planOf, type WorldPlan } from './plans.ts';
import { playWorld } from './play.ts';

// Asked every five seconds of a world's time; a tenth of a millisecond is a fifteenth of all that a world takes.
vi.mock('../../ports/time-zone.ts', () => ({ timeZoneName: () => 'UTC', followTimeZone: () => {} }));

/** Worlds in which a lie may show: first those few in which most show soonest; one shows only where a proxy lets all through late. */
const SOONEST = [13, 6, 3, 7, 16, 10, 4];

/** Worlds in which something is untrue without a lie prove nothing. */
const plansOf = (worlds: readonly number[]): WorldPlan[] =>
  worlds.filter((world) => !AWAITED.has(world)).map(planOf);
const OTHERS = [...Array.from({ length: 30 }, (_, index) => index + 1), 196].filter(
  (world) => !SOONEST.includes(world),
);
const PLANS = [...plansOf(SOONEST), ...FIXED_WORLDS, ...plansOf(OTHERS)];

test('there are at least twenty planted lies', () => {
  expect(new Set(LIES.map(({ name }) => name)).size).toBeGreaterThanOrEqual(20);
});

test.each(LIES)('a planted lie is caught: $name', { timeout: 120_000 }, async ({ name, plant }) => {
  for (const plan of PLANS) {
    const { violations } = await playWorld(plan, undefined, { name, ...plant() });
    if (violations.length > 0) return;
  }
  expect.unreachable(`“${name}” was told in ${PLANS.length} worlds and not caught`);
});
