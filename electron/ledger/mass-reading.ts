import type { WriteContext } from './context.ts';
import type { Done } from './undo-log.ts';

export type Members = { readonly contractIds: readonly string[] } | { readonly contractRowids: Float64Array };

interface Row {
  readonly id: number;
  readonly unread: number;
  /** Whether it was in the view `unread`. */
  readonly counted: number;
}

/**
 * Reads all changes of these contracts by one statement over their rows: the marks of the changes themselves stay (see
 * `marks.ts`), so that 100,000 contracts with a million unread changes take no seconds, and undo finds them.
 */
export function markRead(context: WriteContext, members: Members, deedId: number): Done {
  const { store, state, contracts } = context;
  contracts.release();
  const [column, values] =
    'contractIds' in members
      ? ['contract_id', members.contractIds]
      : ['contract_rowid', Array.from(members.contractRowids)];
  const where = `account_id = ? AND unread > 0 AND ${column} IN (SELECT value FROM json_each(?))`;
  const list = JSON.stringify(values);
  const rows = store
    .sql(
      `SELECT contract_rowid AS id, unread, muted = 0 AND snoozed_until IS NULL AS counted FROM contract WHERE ${where}`,
    )
    .all(state.accountId, list) as Row[];
  store.sql(`UPDATE contract SET unread = 0, read_by = ? WHERE ${where}`).run(deedId, state.accountId, list);
  state.countUnread -= rows.reduce((sum, row) => sum + row.counted, 0);
  const rowids = Float64Array.from(rows, (row) => row.id);
  store.noteWritten(rowids);
  return { what: 'read', contracts: rowids, unread: Float64Array.from(rows, (row) => row.unread) };
}

/** Those that are still read by this very deed become unread again. */
export function unmarkRead(
  context: WriteContext,
  done: Extract<Done, { readonly what: 'read' }>,
  deedId: number,
): void {
  const { store, state, contracts } = context;
  contracts.release();
  const unread: Record<string, number> = {};
  for (const [i, rowid] of done.contracts.entries()) unread[rowid] = done.unread[i] ?? 0;
  const rows = store
    .sql(
      `UPDATE contract SET unread = before.unread, read_by = NULL
       FROM (SELECT CAST(key AS INTEGER) AS id, value AS unread FROM json_each(?)) AS before
       WHERE contract_rowid = before.id AND account_id = ? AND read_by = ?
       RETURNING contract_rowid AS id, muted = 0 AND snoozed_until IS NULL AS counted`,
    )
    .all(JSON.stringify(unread), state.accountId, deedId) as Row[];
  state.countUnread += rows.reduce((sum, row) => sum + row.counted, 0);
  store.noteWritten(rows.map((row) => row.id));
}
