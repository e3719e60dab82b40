import { expect, test } from 'vitest';
import type { Receipt } from '../../protocol/receipt.ts';
import { NO_COUNTS, SEEN_AFTER_MS, type ContractDetail } from '../../protocol/view.ts';
import type { Ledger, ViewPage } from '../ledger/types.ts';
import { createManualClock, type ManualClock } from '../stream/testing.ts';
import { createFeed } from './feed.ts';

const DAY_START = new Date(2026, 9, 15).getTime();

function createTestFeed(ledger: Partial<Ledger>, clock: ManualClock) {
  const receipts: Receipt[] = [];
  const contracts: ContractDetail[] = [];
  const feed = createFeed({
    ledger: {
      wakeSnoozed: async () => ({ contracts: [], nextAt: null }),
      readView: async () => ({ total: 0, rows: [], counts: NO_COUNTS }) as unknown as ViewPage,
      ...ledger,
    } as Ledger,
    accountId: 1,
    clock,
    lastingNow: clock.now,
    latestNow: clock.now,
    sendBatch() {},
    sendContract: (detail) => void contracts.push(detail),
    sendReceipt: (receipt) => void receipts.push(receipt),
    serverFacts: () => ({ wasCaughtUp: true, cannotFetch: false, hasNoList: false, nextRepairAt: null }),
    sendSavedViews() {},
    onSavedViews() {},
    portalUrl: () => null,
    onCounts() {},
    onWoken() {},
    onFailure(error) {
      throw error;
    },
  });
  return { feed, receipts, contracts };
}

test('at midnight the changes of today begin anew, though nothing has happened', async () => {
  const clock = createManualClock(DAY_START - 90_000);
  const ledger: Partial<Ledger> = {
    receipt: async (_account, dayStart) => ({ changesToday: dayStart === DAY_START ? 0 : 7 }) as Receipt,
  };
  const { feed, receipts } = createTestFeed(ledger, clock);
  expect((await feed.receipt()).changesToday).toBe(7);
  for (let second = 0; second < 92; second += 1) {
    clock.advance(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(receipts.map(({ changesToday }) => changesToday)).toEqual([0]);
  await feed.close();
});

test.each([59_000, 61_000, 73 * 365 * 86_400_000])(
  'no time that is to come is told of a head or a preview: %i ms',
  async (aheadMs) => {
    const clock = createManualClock(DAY_START);
    const at = DAY_START + aheadMs;
    const ledger: Partial<Ledger> = {
      receipt: async () => ({ upToTime: at, upToSequence: 7, ahead: { at, changes: 3 } }) as Receipt,
    };
    const { feed } = createTestFeed(ledger, clock);
    const told = aheadMs < 60_000 ? at : null;
    expect(await feed.receipt()).toEqual({
      upToTime: told,
      upToSequence: 7,
      ahead: { at: told, changes: 3 },
    });
    await feed.close();
  },
);

test('a contract counts as looked at when it was open for a moment, not when it was only passed', async () => {
  const clock = createManualClock();
  const looked: string[] = [];
  const ledger: Partial<Ledger> = {
    contract: async () => ({ row: {} }) as ContractDetail,
    markViewed: async (_account, contractId) => void looked.push(contractId),
  };
  const { feed } = createTestFeed(ledger, clock);

  for (const contractId of ['passed', 'read', 'reopened']) {
    await feed.openContract(contractId);
    clock.advance(contractId === 'read' ? SEEN_AFTER_MS : SEEN_AFTER_MS - 1);
  }
  // Asked for again, as after a reconnection: it has been open all the time.
  await feed.openContract('reopened');
  clock.advance(1);
  await feed.closeContract();
  expect(looked).toEqual(['read', 'reopened']);
  await feed.close();
});

test('the open contract hears of a gap that opens or closes, though nothing of its own has changed', async () => {
  const clock = createManualClock();
  let open: readonly number[] = [];
  const ledger: Partial<Ledger> = {
    contract: async () => ({ row: {}, hasGap: open.length > 0 }) as ContractDetail,
    receipt: async () => ({ openGaps: open.map((gapId) => ({ gapId })) }) as unknown as Receipt,
    markViewed: async () => {},
  };
  const { feed, contracts } = createTestFeed(ledger, clock);
  await feed.openContract('C-1');
  for (const gaps of [[], [1], [1, 2], []]) {
    open = gaps;
    feed.touchReceipt();
    for (let step = 0; step < 5; step += 1) {
      clock.advance(100);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  expect(contracts.map(({ hasGap }) => hasGap)).toEqual([true, false]);
  await feed.close();
});
