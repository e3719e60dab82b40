import { expect, test } from 'vitest';
import type { Ledger } from '../ledger/types.ts';
import { silentLog } from '../ports/log.ts';
import { createManualClock } from '../stream/testing.ts';
import { ApiError } from './api.ts';
import type { Api } from './api.ts';
import { createRepair } from './repair.ts';

test('the server is reachable again while an attempt fails: one more at once, then back to its pace', async () => {
  const clock = createManualClock();
  const attempts: { fail(): void }[] = [];
  const repair = createRepair({
    api: {
      snapshotPage: () =>
        new Promise((_, reject) => {
          const failure = new ApiError('later', { code: 'unreachable', status: null, detail: 'away' });
          attempts.push({ fail: () => reject(failure) });
        }),
    } as unknown as Api,
    ledger: { reconcileGaps: async () => ({ healed: 0, open: 1 }) } as unknown as Ledger,
    accountId: 1,
    clock,
    random: () => 0.5,
    log: silentLog,
    delays: { first: 10_000, most: 60_000 },
    onChanged: () => {},
    onFresh: () => {},
    onGaps: () => {},
    onBaseline: () => {},
  });
  repair.due();
  await expect.poll(() => attempts.length).toBe(1);
  repair.retryNow();
  clock.advance(20);
  attempts[0]?.fail();
  // As long as the attempt took nothing is asked of the server, whoever hurries.
  await expect.poll(() => clock.waits()).toEqual([20]);
  clock.advance(20);
  await expect.poll(() => attempts.length).toBe(2);
  clock.advance(20);
  attempts[1]?.fail();
  await expect.poll(() => clock.waits()).toEqual([20]);
  clock.advance(20);
  await expect.poll(() => clock.waits().some((ms) => ms > 1_000)).toBe(true);
  expect(attempts).toHaveLength(2);
  await repair.close();
});

test('the next attempt is told for when it comes, however long this one took', async () => {
  const clock = createManualClock();
  const told: (number | null)[] = [];
  let fail = (): void => {};
  const repair = createRepair({
    api: {
      snapshotPage: () =>
        new Promise((_, reject) => {
          const failure = new ApiError('later', { code: 'timeout', status: null, detail: 'silent' });
          fail = () => reject(failure);
        }),
    } as unknown as Api,
    ledger: {
      async reconcileGaps(_: number, attempt: Parameters<Ledger['reconcileGaps']>[1]) {
        told.push(attempt.nextAttemptAt);
        return { healed: 0, open: 1 };
      },
    } as unknown as Ledger,
    accountId: 1,
    clock,
    random: () => 0.5,
    log: silentLog,
    delays: { first: 10_000, most: 60_000 },
    onChanged: () => {},
    onFresh: () => {},
    onGaps: () => {},
    onBaseline: () => {},
  });
  repair.due();
  await Promise.resolve();
  // What is measured has fractions; the ledger's column takes whole milliseconds only.
  clock.advance(20_000.25);
  const ended = clock.now();
  fail();
  await expect.poll(() => told).toEqual([Math.ceil(ended + 20_000.25)]);
  await expect.poll(() => clock.waits()).toEqual([20_000.25]);
  await repair.close();
});

/** Counts attempts; `open` gaps stay after each. */
function counted(clock: ReturnType<typeof createManualClock>, open: () => number) {
  const attempts: number[] = [];
  const repair = createRepair({
    api: {
      snapshotPage: async () => {
        attempts.push(clock.now());
        throw new ApiError('later', { code: 'unreachable', status: null, detail: 'away' });
      },
    } as unknown as Api,
    ledger: { reconcileGaps: async () => ({ healed: 0, open: open() }) } as unknown as Ledger,
    accountId: 1,
    clock,
    random: () => 1,
    log: silentLog,
    delays: { first: 10_000, most: 600_000 },
    onChanged: () => {},
    onFresh: () => {},
    onGaps: () => {},
    onBaseline: () => {},
  });
  return { attempts, repair };
}

/** Lets the clock go on, a quarter of a second at a time, with `each` before every step. */
async function goOn(
  clock: ReturnType<typeof createManualClock>,
  ms: number,
  each: () => void,
): Promise<void> {
  for (let gone = 0; gone < ms; gone += 250) {
    each();
    clock.advance(250);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test.each([
  ['stay open', 1],
  ['heal at once', 0],
])(
  'unreadable events without end, whose gaps %s, ask the server at a pace that slows down',
  async (_what, open) => {
    const clock = createManualClock();
    const { attempts, repair } = counted(clock, () => open);
    await goOn(clock, 600_000, () => repair.due('later'));
    // At 0, 10, 30, 70, 150, 310 s: six attempts in ten minutes for 2400 events.
    expect(attempts.length).toBeLessThanOrEqual(7);
    expect(attempts.length).toBeGreaterThanOrEqual(5);
    const before = attempts.length;
    repair.due();
    await goOn(clock, 500, () => {});
    expect(attempts).toHaveLength(before + 1);
    await repair.close();
  },
);

test('when the next attempt is due is told of all that is missing, also of what went missing since the last one', async () => {
  const clock = createManualClock();
  const { attempts, repair } = counted(clock, () => 1);
  expect(repair.nextAt()).toBeNull();
  repair.due();
  expect(repair.nextAt()).toBeNull();
  await goOn(clock, 30_000, () => {});
  const next = repair.nextAt() ?? 0;
  expect(next).toBeGreaterThan(clock.now());
  repair.due('later');
  expect(repair.nextAt()).toBe(next);
  const before = attempts.length;
  await goOn(clock, next - clock.now(), () => {});
  expect(attempts).toHaveLength(before + 1);
  expect(attempts.at(-1)).toBe(next);
  // Something urgent is asked for at once.
  repair.due();
  expect(repair.nextAt()).toBeNull();
  await repair.close();
});

test('who hurries while the server is left alone after a slow attempt is told when that ends', async () => {
  const clock = createManualClock();
  let fail = (): void => {};
  const told: (number | null)[] = [];
  const repair = createRepair({
    api: {
      snapshotPage: () =>
        new Promise((_, reject) => {
          fail = () => reject(new ApiError('later', { code: 'timeout', status: null, detail: 'silent' }));
        }),
    } as unknown as Api,
    ledger: { reconcileGaps: async () => ({ healed: 0, open: 1 }) } as unknown as Ledger,
    accountId: 1,
    clock,
    random: () => 1,
    log: silentLog,
    delays: { first: 100_000, most: 600_000 },
    onChanged: () => {},
    onFresh: () => {},
    onGaps: () => told.push(repair.nextAt()),
    onBaseline: () => {},
  });
  const began = clock.now();
  repair.due();
  await new Promise((resolve) => setImmediate(resolve));
  clock.advance(20_000);
  repair.retryNow();
  expect(repair.nextAt()).toBeNull();
  fail();
  await new Promise((resolve) => setImmediate(resolve));
  expect(told).toEqual([began + 40_000]);
  expect(repair.nextAt()).toBe(began + 40_000);
  await repair.close();
});

test('what cannot be read and comes after a gap has healed waits for a moment that is told', async () => {
  const clock = createManualClock();
  let open = 0;
  const { attempts, repair } = counted(clock, () => open);
  repair.due();
  await goOn(clock, 1_000, () => {});
  expect(repair.nextAt()).toBeNull();
  open = 1;
  repair.due('later');
  const next = repair.nextAt() ?? 0;
  expect(next).toBeGreaterThan(clock.now());
  await goOn(clock, next - clock.now(), () => {});
  expect(attempts.slice(1)).toEqual([next]);
  await repair.close();
});

test('after a long quiet one more unreadable event is asked for at once', async () => {
  const clock = createManualClock();
  const { attempts, repair } = counted(clock, () => 0);
  await goOn(clock, 120_000, () => repair.due('later'));
  await goOn(clock, 900_000, () => {});
  const before = attempts.length;
  repair.due('later');
  await goOn(clock, 250, () => {});
  expect(attempts).toHaveLength(before + 1);
  await repair.close();
});

test.each([
  ['500', { code: 'http', status: 500, detail: 'answered 500' }, 'later'],
  ['no route', { code: 'http', status: 404, detail: 'answered 404' }, 'not_own'],
  ['a refusal', { code: 'http', status: 403, detail: 'answered 403' }, 'refused'],
  ['what cannot be read', { code: 'content_type', status: null, detail: 'not as agreed' }, 'later'],
] as const)(
  'contracts whose history is answered by %s do not cost the others theirs',
  async (_what, failure, kind) => {
    const clock = createManualClock();
    const contracts = ['C-1', 'C-2', 'C-3', 'C-4', 'C-5', 'C-good', 'C-good-too'];
    const merged = new Set<string>();
    const open = () => contracts.filter((contractId) => !merged.has(contractId));
    let asked = 0;
    const repair = createRepair({
      api: {
        snapshotPage: async () => ({ next: null, size: 1, contracts: [], unreadable: [] }),
        historyPage: async (contractId: string) => {
          asked += 1;
          if (!contractId.startsWith('C-good')) throw new ApiError(kind, failure);
          return { next: null, size: 1, events: [] };
        },
      } as unknown as Api,
      ledger: {
        beginSnapshot: async () => {},
        stageSnapshot: async () => {},
        finishSnapshot: async () => ({ needHistory: [], baseline: false }),
        gaps: async () => open().map((contractId) => ({ contractId })),
        async mergeHistory(_: number, contractId: string) {
          merged.add(contractId);
          return { stored: 0, fresh: [] };
        },
        reconcileGaps: async () => ({ healed: 0, open: open().length }),
      } as unknown as Ledger,
      accountId: 1,
      clock,
      random: () => 1,
      log: silentLog,
      delays: { first: 1_000, most: 60_000 },
      onChanged: () => {},
      onFresh: () => {},
      onGaps: () => {},
      onBaseline: () => {},
    });
    repair.due();
    await goOn(clock, 30_000, () => {});
    expect([...merged].toSorted()).toEqual(['C-good', 'C-good-too']);
    expect(asked).toBeGreaterThan(contracts.length);
    await repair.close();
  },
);

test('while the server cannot be reached it is asked for few histories in each attempt, and for none twice at once', async () => {
  const clock = createManualClock();
  const contracts = Array.from({ length: 50 }, (_, n) => `C-${n}`);
  const attempts: string[][] = [];
  const repair = createRepair({
    api: {
      async snapshotPage() {
        attempts.push([]);
        return { next: null, size: 1, contracts: [], unreadable: [] };
      },
      async historyPage(contractId: string) {
        attempts.at(-1)?.push(contractId);
        throw new ApiError('later', { code: 'unreachable', status: null, detail: 'away' });
      },
    } as unknown as Api,
    ledger: {
      beginSnapshot: async () => {},
      stageSnapshot: async () => {},
      finishSnapshot: async () => ({ needHistory: contracts, baseline: false }),
      gaps: async () => [],
      contractsWithGaps: async () => [],
      reconcileGaps: async () => ({ healed: 0, open: 1 }),
    } as unknown as Ledger,
    accountId: 1,
    clock,
    random: () => 1,
    log: silentLog,
    delays: { first: 1_000, most: 60_000 },
    onChanged: () => {},
    onFresh: () => {},
    onGaps: () => {},
    onBaseline: () => {},
  });
  repair.due();
  await goOn(clock, 8_000, () => {});
  expect(attempts.length).toBeGreaterThanOrEqual(3);
  for (const asked of attempts) expect(asked.length).toBeLessThanOrEqual(3);
  const all = attempts.flat();
  expect(new Set(all).size).toBe(all.length);
  await repair.close();
});

test('a server that itself says that it has nothing to fetch from is asked seldom, whatever goes missing', async () => {
  const clock = createManualClock();
  const missing = { code: 'http', status: 404, detail: 'answered 404' } as const;
  let asked = 0;
  const next: number[] = [];
  const repair = createRepair({
    api: {
      async snapshotPage() {
        asked += 1;
        throw new ApiError('missing', missing);
      },
      async historyPage() {
        throw new ApiError('missing', missing);
      },
    } as unknown as Api,
    ledger: {
      gaps: async () => [{ contractId: 'C-1' }],
      contractsWithGaps: async () => [],
      async reconcileGaps(_: number, { nextAttemptAt }: { nextAttemptAt: number }) {
        next.push(nextAttemptAt);
        return { healed: 0, open: 1 };
      },
    } as unknown as Ledger,
    accountId: 1,
    clock,
    random: () => 1,
    log: silentLog,
    delays: { first: 5_000, most: 600_000 },
    onChanged: () => {},
    onFresh: () => {},
    onGaps: () => {},
    onBaseline: () => {},
  });
  const began = clock.now();
  await goOn(clock, 590_000, () => repair.due());
  expect(asked).toBe(1);
  expect(next[0]).toBeGreaterThanOrEqual(began + 600_000);
  await goOn(clock, 600_000, () => repair.due());
  expect(asked).toBe(2);
  // It may have learned to, since it was last heard of.
  repair.retryNow();
  await goOn(clock, 250, () => {});
  expect(asked).toBe(3);
  await repair.close();
});

test('that nothing can be fetched is learned from the server itself, and only from its last answers', async () => {
  const clock = createManualClock();
  const missing = { code: 'http', status: 404, detail: 'answered 404' } as const;
  let snapshot: 'missing' | 'not_own' | 'later' = 'missing';
  let history: 'had' | 'missing' = 'missing';
  let settled = 0;
  const repair = createRepair({
    api: {
      async snapshotPage() {
        throw new ApiError(snapshot, missing);
      },
      async historyPage() {
        if (history === 'missing') throw new ApiError('missing', missing);
        return { next: null, size: 1, events: [] };
      },
    } as unknown as Api,
    ledger: {
      gaps: async () => [{ contractId: 'C-1' }, { contractId: null }],
      contractsWithGaps: async () => [],
      mergeHistory: async () => ({ stored: 0, fresh: [] }),
      async reconcileGaps() {
        settled += 1;
        return { healed: 0, open: 1 };
      },
    } as unknown as Ledger,
    accountId: 1,
    clock,
    random: () => 1,
    log: silentLog,
    delays: { first: 1_000, most: 1_000 },
    onChanged: () => {},
    onFresh: () => {},
    onGaps: () => {},
    onBaseline: () => {},
  });
  const attempt = async (): Promise<boolean> => {
    const before = settled;
    repair.due();
    await expect
      .poll(() => {
        clock.advance(1_000);
        return settled;
      })
      .toBeGreaterThan(before);
    return repair.cannotFetch();
  };
  expect(repair.cannotFetch()).toBe(false);
  snapshot = 'not_own';
  expect(await attempt()).toBe(false);
  snapshot = 'missing';
  expect(await attempt()).toBe(true);
  // An attempt that got no answer takes nothing back.
  snapshot = 'later';
  expect(await attempt()).toBe(true);
  snapshot = 'missing';
  history = 'had';
  expect(await attempt()).toBe(false);
  await repair.close();
});

test('no snapshot, and a gap that names no contract: the histories of contracts with gaps in their versions are asked for', async () => {
  const clock = createManualClock();
  const asked: string[] = [];
  const missing = new ApiError('missing', { code: 'http', status: 404, detail: 'no such path' });
  const repair = createRepair({
    api: {
      snapshotPage: () => Promise.reject(missing),
      async historyPage(contractId: string) {
        asked.push(contractId);
        return { events: [], next: null };
      },
    } as unknown as Api,
    ledger: {
      beginSnapshot: async () => {},
      gaps: async () => [{ contractId: null }, { contractId: 'C-9' }],
      contractsWithGaps: async () => ['C-1', 'C-9'],
      mergeHistory: async () => ({ stored: 0, fresh: [] }),
      reconcileGaps: async () => ({ healed: 1, open: 0 }),
    } as unknown as Ledger,
    accountId: 1,
    clock,
    random: () => 0.5,
    log: silentLog,
    delays: { first: 10_000, most: 60_000 },
    onChanged: () => {},
    onFresh: () => {},
    onGaps: () => {},
    onBaseline: () => {},
  });
  repair.due();
  await expect.poll(() => asked).toEqual(['C-1', 'C-9']);
  await repair.close();
  expect(repair.cannotFetch()).toBe(false);
});

test('the first gap is asked for at once, and until that was answered nobody says that it can be had from nowhere', async () => {
  const clock = createManualClock();
  const asked: string[] = [];
  let gaps: readonly { readonly contractId: string }[] = [];
  let kind: 'missing' | 'later' = 'missing';
  const repair = createRepair({
    api: {
      async snapshotPage() {
        asked.push('snapshot');
        throw new ApiError(kind, { code: 'http', status: kind === 'missing' ? 404 : 503, detail: 'no' });
      },
      async historyPage(contractId: string) {
        asked.push(contractId);
        throw new ApiError('missing', { code: 'http', status: 404, detail: 'no' });
      },
    } as unknown as Api,
    ledger: {
      beginSnapshot: async () => {},
      gaps: async () => gaps,
      contractsWithGaps: async () => [],
      // The baseline is missing.
      reconcileGaps: async () => ({ healed: 0, open: 1 }),
    } as unknown as Ledger,
    accountId: 1,
    clock,
    random: () => 0.5,
    log: silentLog,
    delays: { first: 60_000, most: 600_000 },
    onChanged: () => {},
    onFresh: () => {},
    onGaps: () => {},
    onBaseline: () => {},
  });
  repair.due();
  await expect.poll(() => asked).toEqual(['snapshot']);
  await expect.poll(() => repair.cannotFetch()).toBe(true);
  const isWaiting = (): boolean => {
    clock.advance(1);
    return clock.waits().some((ms) => ms > 1_000);
  };
  await expect.poll(isWaiting).toBe(true);
  // One that could not be read, while a proxy answers; there was nothing of which a history could have been asked for.
  gaps = [{ contractId: 'C-1' }];
  kind = 'later';
  repair.due('later');
  expect(repair.cannotFetch()).toBe(false);
  await expect.poll(() => asked).toEqual(['snapshot', 'snapshot']);
  expect(repair.cannotFetch()).toBe(false);
  kind = 'missing';
  await expect.poll(isWaiting).toBe(true);
  repair.due();
  await expect.poll(() => asked).toEqual(['snapshot', 'snapshot', 'snapshot', 'C-1']);
  await expect.poll(() => repair.cannotFetch()).toBe(true);
  await repair.close();
});

test('without a snapshot, a contract that shows that something of it is missing is asked for at once', async () => {
  const clock = createManualClock();
  const asked: string[] = [];
  let withGaps: readonly string[] = [];
  let history: 'had' | 'missing' = 'had';
  const missing = new ApiError('missing', { code: 'http', status: 404, detail: 'no such path' });
  let whenAsked = (): void => {};
  const repair = createRepair({
    api: {
      snapshotPage() {
        asked.push('snapshot');
        return Promise.reject(missing);
      },
      async historyPage(contractId: string) {
        asked.push(contractId);
        if (history === 'missing') throw missing;
        return { events: [], next: null };
      },
    } as unknown as Api,
    ledger: {
      gaps: async () => [{ contractId: null }],
      async contractsWithGaps() {
        const found = withGaps;
        whenAsked();
        return found;
      },
      mergeHistory: async () => ({ stored: 0, fresh: [] }),
      reconcileGaps: async () => ({ healed: 0, open: 1 }),
    } as unknown as Ledger,
    accountId: 1,
    clock,
    random: () => 1,
    log: silentLog,
    delays: { first: 60_000, most: 600_000 },
    onChanged: () => {},
    onFresh: () => {},
    onGaps: () => {},
    onBaseline: () => {},
  });
  repair.due();
  await goOn(clock, 1_000, () => {});
  expect(asked).toEqual(['snapshot']);
  expect(repair.cannotFetch()).toBe(true);
  withGaps = ['C-1'];
  repair.due('jumped');
  expect(repair.cannotFetch()).toBe(false);
  await goOn(clock, 1_000, () => {});
  expect(asked.splice(0)).toEqual(['snapshot', 'snapshot', 'C-1']);
  // There is something to ask for, at the pace that the attempts have come to.
  repair.due('jumped');
  await goOn(clock, 1_000, () => {});
  expect(asked).toEqual([]);

  // It shows while an attempt is under way that knew of none.
  withGaps = [];
  whenAsked = () => {
    whenAsked = () => {};
    withGaps = ['C-2'];
    repair.due('jumped');
  };
  repair.due();
  await goOn(clock, 1_000, () => {});
  expect(asked.splice(0)).toEqual(['snapshot', 'snapshot', 'C-2']);
  expect(repair.cannotFetch()).toBe(false);

  // The server has no histories either.
  history = 'missing';
  repair.due();
  await goOn(clock, 1_000, () => {});
  expect(asked.splice(0)).toEqual(['snapshot', 'C-2']);
  repair.due('jumped');
  await goOn(clock, 1_000, () => {});
  expect(asked).toEqual([]);
  expect(repair.cannotFetch()).toBe(true);
  await repair.close();
});
