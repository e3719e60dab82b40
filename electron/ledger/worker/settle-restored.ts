import { dropUnconfirmed } from '../actions/outbox.ts';
import { expectNamed } from '../gaps/restored.ts';
import { listAccounts } from '../storage/account.ts';
import type { Store } from '../storage/store.ts';
import type { KeptAccount } from '../types.ts';

/** Of `Ledger.settleRestored`. */
export function settleRestored(
  store: Store,
  keep: readonly KeptAccount[],
  now: number,
  erase: (accountId: number) => void,
): void {
  for (const { accountId, server, userId } of listAccounts(store)) {
    const kept = keep.filter((each) => each.server === server && each.userId === userId);
    if (kept.length === 0) erase(accountId);
    else dropUnconfirmed(store, accountId, now);
    for (const { newestId } of kept) if (newestId !== null) expectNamed(store, accountId, newestId, now);
  }
}
