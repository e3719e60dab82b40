import { dropUnconfirmed } from '../actions/outbox.ts';
import { expectNamed } from '../gaps/restored.ts';
import { listAccounts, setReplay } from '../storage/account.ts';
import type { Store } from '../storage/store.ts';
import type { KeptAccount, RestoredAccount } from '../types.ts';

/** Of `Ledger.settleRestored`. */
export function settleRestored(
  store: Store,
  keep: readonly KeptAccount[],
  now: number,
  erase: (accountId: number) => void,
): readonly RestoredAccount[] {
  const restored: RestoredAccount[] = [];
  for (const { accountId, server, userId } of listAccounts(store)) {
    const kept = keep.filter((each) => each.server === server && each.userId === userId);
    if (kept.length === 0) {
      erase(accountId);
      continue;
    }
    restored.push({ server, userId, notSent: dropUnconfirmed(store, accountId, now) });
    setReplay(store, accountId, 'unknown');
    for (const { newestId } of kept) if (newestId !== null) expectNamed(store, accountId, newestId, now);
  }
  return restored;
}
