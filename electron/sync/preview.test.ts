import { afterEach, expect, test } from 'vitest';
import type { SnapshotRead } from './pages.ts';
import type { Ledger } from '../ledger/types.ts';
import type { PreviewPage } from '../ledger/ingest.ts';
import { silentLog } from '../ports/log.ts';
import { createManualClock, waitFor } from '../stream/testing.ts';
import { ApiError } from './api.ts';
import type { Api } from './api.ts';
import { createPreview, type Preview } from './preview.ts';

let preview: Preview | null = null;

afterEach(() => preview?.close());

interface Asked {
  readonly since: string;
  readonly next: string | null;
}

const CURSOR = 'e7-00000000010';
const item = (id: number): SnapshotRead['contracts'][number] => ({
  contract: { id: `C-${id}`, title: '', version: 1, counterparties: [], amount: null, dueAt: null },
  status: 'sent',
  since: '2026-10-02T09:00:00Z',
  severity: 'info',
  actionRequired: false,
  lastEventId: null,
  lastEvent: null,
});
const page = (given: Partial<SnapshotRead>): SnapshotRead => ({
  asOf: 'e7-00000000040',
  at: '2026-10-02T09:00:00Z',
  total: 1,
  contracts: [item(1)],
  unreadable: [],
  size: 0,
  next: null,
  since: CURSOR,
  ...given,
});

/** The loop alone, over a server and a ledger that answer as told. */
function begin(answer: (asked: Asked) => SnapshotRead | Promise<SnapshotRead>) {
  const clock = createManualClock();
  const asked: Asked[] = [];
  const pages: PreviewPage[] = [];
  const behind: number[] = [];
  const urgent: string[] = [];
  const shown: ((how: 'told' | 'answered') => void)[] = [];
  const api: Pick<Api, 'previewPage'> = {
    async previewPage(since, next, signal) {
      signal.throwIfAborted();
      asked.push({ since, next });
      const answered = answer({ since, next });
      return new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
        void Promise.resolve(answered).then(resolve, reject);
      });
    },
  };
  const ledger: Pick<Ledger, 'previewFrom' | 'preview'> = {
    previewFrom: async () => CURSOR,
    async preview(_, each) {
      pages.push(each);
      return { contracts: each.contracts.map(({ contract }) => contract.id), behind: 30 };
    },
  };
  preview = createPreview({
    api: api as Api,
    ledger: ledger as Ledger,
    accountId: 1,
    clock,
    random: () => 0.5,
    log: silentLog,
    onChanged: (contracts, isUrgent) => isUrgent && urgent.push(...contracts),
    whenTold: () => new Promise((told) => shown.push(told)),
    onBehind: (events) => behind.push(events),
    onReceipt: () => {},
  });
  return { preview, clock, asked, pages, behind, urgent, shown };
}

const settled = (clock: ReturnType<typeof createManualClock>) =>
  waitFor(() => clock.waits().length === 1, 'the next round to wait for its time');

/** Time passes, a tenth of a second at a time, until it is so. */
const pass = (clock: ReturnType<typeof createManualClock>, isSo: () => boolean, what: string) =>
  waitFor(
    () => {
      const so = isSo();
      if (!so) clock.advance(100);
      return so;
    },
    what,
    10_000,
  );

test('asks within a second of connecting, then every 0.75 s, and not once the stream has caught up', async () => {
  const { preview, clock, asked, behind } = begin(() => page({}));
  preview.start();
  await settled(clock);
  expect(clock.waits()[0]).toBeLessThan(1000);
  clock.advance(250);
  await settled(clock);
  expect([asked.length, behind]).toEqual([1, [30]]);
  clock.advance(750);
  await settled(clock);
  expect(asked).toHaveLength(2);
  preview.stop();
  await preview.close();
  clock.advance(60_000);
  expect(asked).toHaveLength(2);
});

/** Whether what came of the stream still waits. */
function watch(waiting: Promise<void> | undefined): { readonly isHeld: boolean } {
  const watched = { isHeld: waiting !== undefined };
  void waiting?.then(() => (watched.isHeld = false));
  return watched;
}

test.each([
  ['told', 0],
  ['answered', 350],
] as const)(
  'a flood waits for the first page: asked for at once, and read on when a window that was %s has painted it',
  async (how, ms) => {
    const answers: (() => void)[] = [];
    const { preview, clock, asked, pages, shown } = begin(
      () =>
        new Promise((resolve) =>
          answers.push(() => resolve(page({ contracts: Array.from({ length: 300 }, (_, i) => item(i)) }))),
        ),
    );
    preview.start();
    await settled(clock);
    expect(preview.came(97)).toBeUndefined();
    expect(preview.heldSince()).toBeNull();
    const flood = watch(preview.came(400));
    expect(preview.heldSince()).toBe(clock.monotonic());
    await waitFor(() => asked.length === 1, 'asked without a wait');
    answers[0]?.();
    await waitFor(() => shown.length === 1, 'the first screen to be told');
    expect([pages.map(({ contracts }) => contracts.length), flood.isHeld]).toEqual([[100], true]);
    shown[0]?.(how);
    if (ms > 0) {
      await waitFor(() => clock.waits().length === 2, 'the window to paint');
      clock.advance(ms - 1);
      expect(flood.isHeld).toBe(true);
      clock.advance(1);
    }
    await waitFor(() => !flood.isHeld, 'the flood to go on');
    await waitFor(() => pages.length === 2, 'the rest of the page');
    expect([preview.came(8_000), preview.heldSince()]).toEqual([undefined, null]);
  },
);

test.each([
  ['that never comes', () => new Promise<SnapshotRead>(() => {}), 1_000],
  ['that no window shows', () => page({}), 1_000],
  ['that brings nothing new', () => page({ contracts: [] }), 0],
  [
    'that cannot be had',
    () => Promise.reject(new ApiError('later', { code: 'http', status: 502, detail: '' })),
    0,
  ],
])('a flood waits at most a second for a first page %s', async (_, answer, ms) => {
  const { preview, clock, asked } = begin(answer);
  preview.start();
  await settled(clock);
  const flood = watch(preview.came(500));
  await waitFor(() => asked.length === 1, 'asked');
  if (ms > 0) {
    clock.advance(ms - 1);
    expect(flood.isHeld).toBe(true);
    clock.advance(1);
  }
  await waitFor(() => !flood.isHeld, 'the flood to go on');
});

test('a stream that is gone, or level, waits for nothing', async () => {
  const { preview, clock } = begin(() => new Promise(() => {}));
  preview.start();
  await settled(clock);
  const flood = watch(preview.came(500));
  preview.stop();
  await waitFor(() => !flood.isHeld, 'the flood to go on');
  expect(preview.came(500)).toBeUndefined();
});

test('while a long preview is read page by page, what changes meanwhile is asked for all the same, every 0.75 s', async () => {
  const { preview, clock, asked, pages, urgent } = begin(({ since, next }) => {
    if (since !== CURSOR) return page({ since, asOf: 'e7-00000000041', contracts: [item(99)] });
    clock.advance(400);
    const number = Number(next ?? 0) + 1;
    return page({ contracts: [item(number)], next: number === 8 ? null : String(number) });
  });
  preview.start();
  await settled(clock);
  clock.advance(250);
  await pass(clock, () => pages.some(({ end }) => end === 'whole'), 'the end of the long one');
  await settled(clock);
  const newest = asked.filter(({ since }) => since !== CURSOR).map(({ since }) => since);
  expect(newest[0]).toBe('e7-00000000040');
  expect(new Set(newest.slice(1))).toEqual(new Set(['e7-00000000041']));
  // A rest, six pauses of three times what a page took, and the pages.
  expect(newest.length).toBeGreaterThanOrEqual(13);
  expect(newest.length).toBeLessThanOrEqual(16);
  expect(asked.filter(({ since }) => since === CURSOR)).toHaveLength(8);
  expect([...new Set(urgent)]).toEqual(['C-1', 'C-99']);
  // What is claimed is the long one's.
  expect(pages.filter(({ end }) => end !== 'more').map(({ asOf }) => asOf)).toEqual(['e7-00000000040']);
  expect(clock.waits()[0]).toBeLessThanOrEqual(750);
});

test('after its first page the log has two seconds to itself: a catch-up that ends meanwhile pays for one page', async () => {
  const { preview, clock, asked } = begin(({ since, next }) =>
    since === CURSOR ? page({ next: next === null ? 'second' : null }) : page({ since }),
  );
  const inFull = () => asked.filter(({ since }) => since === CURSOR).map(({ next }) => next);
  preview.start();
  await settled(clock);
  clock.advance(250);
  await pass(clock, () => clock.monotonic() >= 2_100, 'almost all of the rest to pass');
  expect(inFull()).toEqual([null]);
  await pass(clock, () => inFull().length === 2, 'the second page');
});

test('also while one page of it is long on its way', async () => {
  const seconds: number[] = [];
  const arrivals: ((page: SnapshotRead) => void)[] = [];
  const { preview, clock, asked, pages } = begin(({ since, next }) => {
    if (since !== CURSOR) {
      seconds.push(Math.round(clock.monotonic() / 1000));
      return page({ since, asOf: `e7-000000000${50 + seconds.length}` });
    }
    if (next === null) return page({ next: arrivals.length === 0 ? 'second' : null });
    return new Promise((resolve) => arrivals.push(resolve));
  });
  preview.start();
  await settled(clock);
  clock.advance(250);
  await pass(clock, () => seconds.length === 3, 'the newest asked for three times');
  expect(seconds).toEqual([1, 2, 3]);
  arrivals[0]?.(page({ contracts: [item(2)] }));
  await waitFor(() => pages.at(-1)?.end === 'whole', 'the end of the long one');
  await settled(clock);
  expect(asked.filter(({ since }) => since === CURSOR)).toHaveLength(2);
  clock.advance(1000);
  await waitFor(() => asked.at(-1)?.since === CURSOR, 'the next preview, from the end of the long one');
});

test('a server that does not echo the event knows no previews: not asked again before the next connection', async () => {
  const { preview, clock, asked, pages } = begin(() => page({ since: null }));
  preview.start();
  await settled(clock);
  clock.advance(250);
  await waitFor(() => asked.length === 1 && clock.waits().length === 0, 'the loop to end');
  expect(pages).toEqual([]);
  preview.start();
  await settled(clock);
  clock.advance(250);
  await waitFor(() => asked.length === 2, 'asked at the next connection');
});

test('written in parts of 500, at most 10,000 contracts, and then said to be cut', async () => {
  const contracts = Array.from({ length: 4_000 }, (_, i) => item(i));
  let token = 0;
  const { preview, clock, asked, pages } = begin(() => page({ contracts, next: `token-${++token}` }));
  preview.start();
  await settled(clock);
  clock.advance(250);
  await pass(clock, () => pages.at(-1)?.end === 'cut', 'the cut');
  await settled(clock);
  const full = asked.filter(({ since }) => since === CURSOR);
  expect(full.map(({ next }) => next?.startsWith('token') ?? null)).toEqual([null, true, true]);
  expect(Math.max(...pages.map((each) => each.contracts.length))).toBe(500);
  expect(pages.filter((each) => each.end !== 'more')).toHaveLength(1);
});

test.each([
  ['name themselves', (next: string | null) => (next === null ? 'A' : next), [item(1)], 2],
  ['go round in circles', (next: string | null) => (next === 'A' ? 'B' : 'A'), [item(1)], 3],
  ['bring nothing', (next: string | null) => `${next}+`, [], 3],
])('pages that %s are left, and what came is said to be cut', async (_, after, contracts, pagesRead) => {
  const { preview, clock, asked, pages } = begin(({ next }) => page({ contracts, next: after(next) }));
  preview.start();
  await settled(clock);
  await pass(clock, () => pages.at(-1)?.end === 'cut', 'the cut');
  await settled(clock);
  expect(asked.filter(({ since }) => since === CURSOR)).toHaveLength(pagesRead);
  expect(pages.at(-1)?.end).toBe('cut');
  expect(pages.slice(0, -1).every(({ end }) => end === 'more')).toBe(true);
});

test('failure is waited out, ever longer, and never told', async () => {
  const { preview, clock, asked } = begin(() => {
    throw new ApiError('later', { code: 'http', status: 502, detail: 'answered 502' });
  });
  preview.start();
  const waits: number[] = [];
  for (let i = 0; i < 4; i++) {
    await settled(clock);
    waits.push(clock.waits()[0] ?? 0);
    clock.advance(waits[i] ?? 0);
    await waitFor(() => asked.length === i + 1, 'asked');
  }
  expect(waits).toEqual([250, 1500, 3000, 6000]);
});
