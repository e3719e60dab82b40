import { expect, test } from 'vitest';
import { SEEN_AFTER_MS, type ContractDetail } from '../../protocol/view.ts';
import type { Ledger } from '../ledger/types.ts';
import { createManualClock } from '../stream/testing.ts';
import { createFeed } from './feed.ts';

test('a contract counts as looked at when it was open for a moment, not when it was only passed', async () => {
  const clock = createManualClock();
  const looked: string[] = [];
  const ledger: Partial<Ledger> = {
    wakeSnoozed: async () => ({ contracts: [], nextAt: null }),
    contract: async () => ({ row: {} }) as ContractDetail,
    look: async (_account, contractId) => void looked.push(contractId),
  };
  const feed = createFeed({
    ledger: ledger as Ledger,
    accountId: 1,
    clock,
    sendBatch() {},
    sendContract() {},
    sendReceipt() {},
    sendSavedViews() {},
    portalUrl: () => null,
    onCounts() {},
    onWoken() {},
    onTrouble(error) {
      throw error;
    },
  });

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
