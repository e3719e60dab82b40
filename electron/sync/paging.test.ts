import { expect, test } from 'vitest';
import type { Ledger } from '../ledger/types.ts';
import { createManualClock } from '../stream/testing.ts';
import { ApiError, type Api } from './api.ts';
import { createPaging } from './paging.ts';
import { mergeHistoryOf } from './repair.ts';
import { takeSnapshot } from './snapshot.ts';

const clock = createManualClock();

/** Reads pages named 1, 2, … as `tokenAfter` says, until they end or are stopped. */
function run(tokenAfter: (page: number) => string | null, entries = 1, size = 10): number {
  const paging = createPaging('the list', clock);
  for (let page = 1; ; page++) {
    if (paging.next({ next: tokenAfter(page), size }, entries) === null) return page;
  }
}

test('pages end where the server says so', () => {
  expect(run((page) => (page === 500 ? null : `p${page}`))).toBe(500);
});

test.each([
  ['the same page again', () => 'a', 1, 10, /read already/],
  ['an earlier page again', (page: number) => `p${page % 7}`, 1, 10, /read already/],
  ['pages without end', (page: number) => `p${page}`, 1, 10, /more than 10000 pages/],
  ['empty pages', (page: number) => `p${page}`, 0, 10, /3 empty pages/],
  ['pages too long together', (page: number) => `p${page}`, 1, 2 ** 26, /longer than/],
])('%s are no progress, and that is said', (_what, tokenAfter, entries, size, reason) => {
  expect(() => run(tokenAfter, entries, size)).toThrow(reason);
});

test('pages may take half an hour', () => {
  const paging = createPaging('the list', clock);
  clock.advance(30 * 60_000);
  expect(() => paging.next({ next: 'a', size: 1 }, 1)).toThrow(/30 minutes/);
});

test('a snapshot and a history that go round in circles end, with what to tell', async () => {
  let asked = 0;
  const next = (): string => `p${asked++ % 5}`;
  const api = {
    snapshotPage: async () => ({
      asOf: null,
      at: '',
      total: null,
      contracts: [{}],
      unreadable: [],
      next: next(),
      size: 9,
    }),
    historyPage: async () => ({ events: ['{}'], next: next(), size: 9 }),
  } as unknown as Api;
  const ledger = {
    beginSnapshot: async () => {},
    stageSnapshot: async () => {},
    mergeHistory: async () => ({ stored: 0, unreadable: 0, openedGap: false, fresh: [] }),
  } as unknown as Ledger;
  const { signal } = new AbortController();
  const deps = { api, ledger, accountId: 1, clock, signal, onChanged: () => {}, onFresh: () => {} };
  await expect(takeSnapshot(deps)).rejects.toThrow(ApiError);
  await expect(mergeHistoryOf(deps, 'C-1', signal)).rejects.toThrow(/the history names a page again/);
  expect(asked).toBeLessThan(20);
});

test('a contract that cannot be read goes to the ledger apart from the others, and is counted with them', async () => {
  const unreadable = [{ text: '{"contract":null}', reason: 'contract: is not an object' }];
  const pages = [
    { asOf: 'e1-00000000001', at: '', total: 3, contracts: [{}], unreadable: [], next: '2', size: 9 },
    { asOf: 'e1-00000000001', at: '', total: 3, contracts: [{}], unreadable, next: null, size: 9 },
  ];
  const staged: unknown[] = [];
  const told: (readonly [number, number | null])[] = [];
  const finished = { needHistory: [], baseline: true };
  await expect(
    takeSnapshot({
      api: { snapshotPage: async () => pages.shift() } as unknown as Api,
      ledger: {
        beginSnapshot: async () => {},
        stageSnapshot: async (_: number, ...page: unknown[]) => void staged.push(page),
        finishSnapshot: async () => finished,
      } as unknown as Ledger,
      accountId: 1,
      clock,
      signal: new AbortController().signal,
      onProgress: (done, total) => told.push([done, total]),
    }),
  ).resolves.toBe(finished);
  expect(staged).toEqual([
    [[{}], []],
    [[{}], unreadable],
  ]);
  expect(told).toEqual([
    [1, 3],
    [3, 3],
  ]);
});
