import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Conditions } from '../../protocol/filter.ts';
import { openCore, type LedgerCore } from './worker/core.ts';
import { change, KEY } from './testing/make.ts';

/** The computer's own clock, epoch ms: days are local ones wherever the test runs. */
const at = (day: number, hour = 12, minute = 0): number => new Date(2026, 9, day, hour, minute).getTime();
const iso = (instant: number): string => new Date(instant).toISOString();

let folder: string;
let core: LedgerCore;
let accountId: number;
let now: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  now = at(20);
  core = openCore({
    path: join(folder, 'ledger.db'),
    now: () => now,
    elapsed: () => performance.now(),
    yieldToUrgent: () => Promise.resolve(),
    onProblem: (problem) => {
      throw new Error(problem.detail);
    },
  });
  ({ accountId } = await core.account(KEY));
  const items = [
    change(1, 'C-old', 1, { time: iso(at(13, 23, 59)), dueAt: iso(at(20, 11, 59)) }),
    change(2, 'C-week', 1, { time: iso(at(14, 0)), dueAt: iso(at(20, 0)) }),
    change(3, 'C-last', 1, { time: iso(at(19, 23, 59)), dueAt: iso(at(26, 23, 59)) }),
    change(4, 'C-today', 1, { time: iso(at(20, 0)), dueAt: iso(at(27, 0)) }),
    change(5, 'C-never', 1, { time: iso(at(20, 11)), dueAt: null }),
  ];
  await core.append(accountId, items, now);
});
afterEach(() => {
  core.close();
  rmSync(folder, { recursive: true, force: true });
});

async function list(conditions: Conditions): Promise<readonly string[]> {
  const filter = { view: 'all', text: '', conditions } as const;
  const page = await core.readView(accountId, filter, { offset: 0, limit: 50 });
  return page.rows.map((row) => row.contractId).toSorted();
}

test('the last days are whole local days up to the end of today', async () => {
  expect(await list({ period: { lastDays: 1 } })).toEqual(['C-never', 'C-today']);
  expect(await list({ period: { lastDays: 7 } })).toEqual(['C-last', 'C-never', 'C-today', 'C-week']);
  expect(await list({ period: { lastDays: 8 } })).toHaveLength(5);
});

test('the next days begin with today, what is past ends with the present minute', async () => {
  expect(await list({ due: { withinDays: 1 } })).toEqual(['C-old', 'C-week']);
  expect(await list({ due: { withinDays: 7 } })).toEqual(['C-last', 'C-old', 'C-week']);
  expect(await list({ due: { withinDays: 8 } })).toEqual(['C-last', 'C-old', 'C-today', 'C-week']);
  expect(await list({ due: 'past' })).toEqual(['C-old', 'C-week']);
  expect(await list({ due: 'none' })).toEqual(['C-never']);
});

test('they go with the time, in a list and in a saved view, while bounds that were set stay', async () => {
  const fixed = { from: at(14, 0), to: at(21, 0) };
  const filters: readonly Conditions[] = [
    { period: { lastDays: 7 } },
    { due: 'past' },
    { due: { withinDays: 7 } },
    { period: fixed },
  ];
  for (const [i, conditions] of filters.entries())
    await core.saveView(accountId, {
      savedId: null,
      name: `View ${i}`,
      filter: { view: 'all', text: '', conditions },
    });
  const counts = async () => (await core.savedViews(accountId)).map(({ count }) => count);
  expect(await counts()).toEqual([4, 2, 3, 4]);

  now = at(21, 0);
  expect(await list({ period: { lastDays: 7 } })).toEqual(['C-last', 'C-never', 'C-today']);
  expect(await list({ due: { withinDays: 7 } })).toEqual(['C-last', 'C-today']);
  expect(await counts()).toEqual([3, 2, 2, 4]);
  now = at(27, 0, 1);
  expect(await list({ period: { lastDays: 7 } })).toEqual([]);
  expect(await list({ due: 'past' })).toEqual(['C-last', 'C-old', 'C-today', 'C-week']);
  expect(await counts()).toEqual([0, 4, 1, 4]);
  expect((await core.savedViews(accountId))[0]?.filter.conditions).toEqual({ period: { lastDays: 7 } });
});
