import { closeContext, openContext } from '../log/context.ts';
import { UNTIL_CHANGED } from '../storage/contract-record.ts';
import type { Store } from '../storage/store.ts';

const MAX_TOLD = 500;

/** Ends snoozes that are over. `contracts`: null when more than 500; `nextAt`: when the next one ends, epoch ms. */
export function wakeSnoozed(
  store: Store,
  accountId: number,
  now: number,
): { readonly contracts: readonly string[] | null; readonly nextAt: number | null } {
  const over = store
    .sql('SELECT contract_id AS id FROM contract WHERE account_id = ? AND snoozed_until <= ?')
    .all(accountId, now) as { id: string }[];
  if (over.length > 0) {
    store.transaction('normal', () => {
      const context = openContext(store, accountId, now);
      for (const { id } of over) {
        const record = context.contracts.get(id);
        if (!record) continue;
        record.snoozedUntil = null;
        context.contracts.touch(record);
      }
      closeContext(context);
    });
  }
  const { nextAt } = store
    .sql(
      'SELECT min(snoozed_until) AS nextAt FROM contract WHERE account_id = ? AND snoozed_until > ? AND snoozed_until < ?',
    )
    .get(accountId, now, UNTIL_CHANGED) as { nextAt: number | null };
  return { contracts: over.length > MAX_TOLD ? null : over.map(({ id }) => id), nextAt };
}
