import { closeContext, openContext } from './context.ts';
import type { Store } from './store.ts';

/** Read: all changes of the contract. Unread: its latest stored change. A contract without a stored change stays as it is. */
export function setRead(
  store: Store,
  accountId: number,
  contractId: string,
  read: boolean,
  now: number,
): void {
  store.transaction('normal', () => {
    const context = openContext(store, accountId, now);
    const record = context.contracts.get(contractId);
    if (!record) return;
    if (read) {
      store
        .sql('UPDATE event SET unread = 0 WHERE account_id = ? AND contract_rowid = ? AND unread = 1')
        .run(accountId, record.contractRowid);
      record.unread = 0;
    } else if (record.unread === 0) {
      const { changes } = store
        .sql(
          `UPDATE event SET unread = 1 WHERE event_rowid =
             (SELECT event_rowid FROM event WHERE account_id = ? AND contract_rowid = ? ORDER BY version DESC, position DESC LIMIT 1)`,
        )
        .run(accountId, record.contractRowid);
      record.unread = Number(changes);
    }
    context.contracts.touch(record);
    closeContext(context);
  });
}
