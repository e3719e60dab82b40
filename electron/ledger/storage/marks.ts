import type { ContractRecord } from './contract-record.ts';
import type { Store } from './store.ts';

/*
 * Which changes of a contract are unread: their own marks (`event.unread`) say so, unless the contract has a `readBy`: then
 * an action has read all of them at once without touching each, and the marks show what its undo would bring back.
 * Always: `contract.unread` is the number of marks, or 0 where `readBy` is set.
 */

/** Makes the marks true again before one of them is changed or a new one comes. Returns those it took away. */
export function reconcileMarks(store: Store, accountId: number, record: ContractRecord): readonly number[] {
  if (record.readBy === null) return [];
  record.readBy = null;
  const rows = store
    .sql(
      'UPDATE event SET unread = 0 WHERE account_id = ? AND contract_rowid = ? AND unread = 1 RETURNING event_rowid AS id',
    )
    .all(accountId, record.contractRowid) as { id: number }[];
  return rows.map((row) => row.id);
}

/** Marks the latest stored change of a contract that is read. Returns it, or null when none is stored. */
export function markLatest(store: Store, accountId: number, record: ContractRecord): number | null {
  const row = store
    .sql(
      `UPDATE event SET unread = 1 WHERE event_rowid =
         (SELECT event_rowid FROM event WHERE account_id = ? AND contract_rowid = ? ORDER BY version DESC, position DESC LIMIT 1)
       RETURNING event_rowid AS id`,
    )
    .get(accountId, record.contractRowid) as { id: number } | undefined;
  if (!row) return null;
  record.unread = 1;
  return row.id;
}
