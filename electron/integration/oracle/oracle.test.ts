import { expect, test, vi } from 'vitest';
import { AWAITED } from './awaited.ts';
import { FIXED_WORLDS } from './fixed-worlds.ts';
import { newCounts } from './judge.ts';
import { PROPERTY_SEED } from '../seed.ts';
import { planOf } from './plans.ts';
import { playWorld } from './play.ts';
import { SENTENCES } from './sentences/table.ts';
import { withoutSteps } from './shorten.ts';

// Asked every five seconds of a world's time; a tenth of a millisecond is a fifteenth of all that a world takes.
vi.mock('../../ports/time-zone.ts', () => ({ timeZoneName: () => 'UTC', followTimeZone: () => {} }));

const worlds = Number(process.env['ORACLE_WORLDS'] ?? 200);
/** With `FRESH_SEEDS=1` other worlds each night: a failure says which. */
const fresh = process.env['FRESH_SEEDS'] === '1' ? 1_000 + (PROPERTY_SEED % 100_000_000) : 1;
const first = Number(process.env['ORACLE_FIRST'] ?? fresh);
/** So many worlds make every sentence appear; fewer (one that is looked at again) need not. */
const ENOUGH = 200;
const MOST_FAILURES = 3;
const MOST_TOLD = 60;

test(
  `in ${worlds} worlds from ${first} on nothing is said that is not so, and nothing that is so stays unsaid`,
  { timeout: 120_000 + worlds * 3_000 },
  async () => {
    const counts = newCounts();
    const fixed: string[] = [];
    for (const plan of FIXED_WORLDS)
      fixed.push(...(await playWorld(plan, counts)).violations.map(({ text }) => text));
    expect(fixed).toEqual([]);
    const failures: string[] = [];
    for (let world = first; world < first + worlds && failures.length < MOST_FAILURES; world += 1) {
      const played = await playWorld(planOf(world), counts);
      const violations = played.violations.filter(({ key }) => !AWAITED.get(world)?.includes(key));
      if (violations.length === 0) continue;
      const shortest = await withoutSteps(planOf(world), violations);
      failures.push(
        [
          `world ${world}, again by ORACLE_FIRST=${world} ORACLE_WORLDS=1 npx vitest run electron/integration/oracle/oracle.test.ts`,
          ...violations.map(({ text }) => `  ${text}`),
          `the shortest way there, ${shortest.plan.steps.length} steps:`,
          ...shortest.played.trace.slice(0, MOST_TOLD).map((line) => line.slice(0, 240)),
        ].join('\n'),
      );
    }
    expect(failures.join('\n\n')).toBe('');
    if (worlds < ENOUGH) return;
    const claims = Object.entries(SENTENCES).flatMap(([key, sentence]) => ('means' in sentence ? [key] : []));
    expect({
      neverSaid: claims.filter((key) => !counts.appeared.has(key)),
      // A bound whose condition has never held proves nothing.
      neverOwed: Object.entries(SENTENCES).flatMap(([key, sentence]) =>
        'must' in sentence && !counts.owed.has(key) ? [key] : [],
      ),
      neverWithheld: claims.filter((key) => (counts.appeared.get(key) ?? 0) >= counts.looks),
    }).toEqual({ neverSaid: [], neverOwed: [], neverWithheld: [] });
  },
);
