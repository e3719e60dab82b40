import { describe, expect, test } from 'vitest';
import type { Ledger } from '../ledger/types.ts';
import { createManualClock } from '../stream/testing.ts';
import { ApiError, type Api } from './api.ts';
import { createPaging } from './paging.ts';
import { mergeHistoryOf } from './repair.ts';
import { takeSnapshot } from './snapshot.ts';

const clock = createManualClock();
const listed = (id: string) => ({ contract: { id } });

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
  ['pages of too many entries', (page: number) => `p${page}`, 100_000, 10, /more than 2000000 entries/],
  ['empty pages', (page: number) => `p${page}`, 0, 10, /3 pages that bring nothing new/],
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
      contracts: [listed('C-1')],
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
  await expect(mergeHistoryOf(deps, 'C-1', signal)).rejects.toThrow(/the history goes on with 3 pages/);
  expect(asked).toBeLessThan(20);
});

describe('a server that answers with the same page under ever new names', () => {
  let asked = 0;
  let isWhole: boolean | null = null;
  const unreadable = { text: '{"contract":null}', reason: 'contract: is not an object' };
  function deps(total: number | null) {
    asked = 0;
    isWhole = null;
    const page = () => ({ next: `p${asked++}`, size: 9 });
    const api = {
      snapshotPage: async () => ({
        asOf: null,
        at: '',
        total,
        contracts: [listed('C-1'), listed('C-2')],
        unreadable: [unreadable],
        ...page(),
      }),
      historyPage: async () => ({ events: ['{"id":1}', '{"id":2}'], ...page() }),
    } as unknown as Api;
    const ledger = {
      beginSnapshot: async () => {},
      stageSnapshot: async () => {},
      finishSnapshot: async (_: number, __: number, whole: boolean) => (isWhole = whole),
      mergeHistory: async () => ({ stored: 0, unreadable: 0, openedGap: false, fresh: [] }),
    } as unknown as Ledger;
    const { signal } = new AbortController();
    return { api, ledger, accountId: 1, clock, signal, onChanged: () => {}, onFresh: () => {} };
  }

  test('a list: as many as it counts itself are all of them', async () => {
    await takeSnapshot(deps(3));
    expect({ asked, isWhole }).toEqual({ asked: 2, isWhole: true });
  });

  test.each([null, 4])('a list that counts %s: it ends, with what to tell', async (total) => {
    await expect(takeSnapshot(deps(total))).rejects.toThrow(/3 pages that bring nothing new/);
    expect({ asked, isWhole }).toEqual({ asked: 4, isWhole: null });
  });

  test('a history', async () => {
    const all = deps(null);
    await expect(mergeHistoryOf(all, 'C-1', all.signal)).rejects.toThrow(/3 pages that bring nothing new/);
    expect(asked).toBe(4);
  });
});

test('a contract that cannot be read goes to the ledger apart from the others, and is counted with them', async () => {
  const unreadable = [{ text: '{"contract":null}', reason: 'contract: is not an object' }];
  const pages = [
    {
      asOf: 'e1-00000000001',
      at: '',
      total: 3,
      contracts: [listed('C-1')],
      unreadable: [],
      next: '2',
      size: 9,
    },
    { asOf: 'e1-00000000001', at: '', total: 3, contracts: [listed('C-2')], unreadable, next: null, size: 9 },
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
    [[listed('C-1')], []],
    [[listed('C-2')], unreadable],
  ]);
  expect(told).toEqual([
    [1, 3],
    [3, 3],
  ]);
});

test.each([
  ['fewer than it counts itself', [['C-1', 'C-2'], ['C-3']], ['e1-00000000006', null], 4],
  [
    'one page twice',
    [
      ['C-1', 'C-2'],
      ['C-1', 'C-2'],
    ],
    ['e1-00000000006', null],
    4,
  ],
  ['a page of a replica that lags', [['C-1', 'C-2'], ['C-3']], ['e1-00000000006', 'e1-00000000005'], 3],
  ['a page of another log', [['C-1', 'C-2'], ['C-3']], ['e1-00000000006', 'e2-00000000009'], 3],
  ['pages whose ids do not tell', [['C-1', 'C-2'], ['C-3']], ['a7f', 'b9c'], 3],
])(
  'a snapshot that is not whole by its own word (%s) is read again, then shown, and proves nothing',
  async (...given) => {
    const [, pages, asOf, total] = given;
    let asked = 0;
    let isWhole: boolean | undefined;
    const snapshotPage = async (next: string | null) => {
      asked += 1;
      const at = next === null ? 0 : 1;
      const contracts = (pages[at] ?? []).map(listed);
      return {
        asOf: asOf[at],
        at: '',
        total,
        contracts,
        unreadable: [],
        next: at === 0 ? '2' : null,
        size: 9,
      };
    };
    const take = () =>
      takeSnapshot({
        api: { snapshotPage } as unknown as Api,
        ledger: {
          beginSnapshot: async () => {},
          stageSnapshot: async () => {},
          finishSnapshot: async (_: number, __: number, whole: boolean) => (isWhole = whole),
        } as unknown as Ledger,
        accountId: 1,
        clock,
        signal: new AbortController().signal,
      });
    await take();
    expect(isWhole).toBe(false);
    expect(asked).toBe(6);
    // It was being changed, and is whole now.
    pages.push([]);
    pages[1] = ['C-3', 'C-4'];
    asOf[1] = null;
    await take();
    expect(isWhole).toBe(true);
    expect(asked).toBe(8);
  },
);
