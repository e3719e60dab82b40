import { closeContext, openContext } from '../log/context.ts';
import { reconcileMarks } from '../storage/marks.ts';
import type { Store } from '../storage/store.ts';

/** One change. Unknown ones, and those that stand so already, are passed over. */
export function setEventRead(
  store: Store,
  accountId: number,
  contractId: string,
  eventId: string,
  read: boolean,
  now: number,
): void {
  store.transaction('normal', () => {
    const context = openContext(store, accountId, now);
    const record = context.contracts.get(contractId);
    if (!record) return;
    const event = store
      .sql(
        `SELECT event_rowid AS id, unread FROM event WHERE account_id = ? AND contract_rowid = ? AND event_id = ?
         ORDER BY version DESC, position DESC LIMIT 1`,
      )
      .get(accountId, record.contractRowid, eventId) as { id: number; unread: number } | undefined;
    if (!event) return;
    const isRead = record.readBy !== null || event.unread === 0;
    if (isRead === read) return;
    reconcileMarks(store, accountId, record);
    store.sql('UPDATE event SET unread = ? WHERE event_rowid = ?').run(read ? 0 : 1, event.id);
    record.unread += read ? -1 : 1;
    context.contracts.touch(record);
    closeContext(context);
  });
}
