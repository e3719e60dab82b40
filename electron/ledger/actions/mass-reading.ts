import type { WriteContext } from '../log/write-context.ts';
import type { Done } from './undo-log.ts';

export type Members = { readonly contractIds: readonly string[] } | { readonly contractRowids: Float64Array };

interface Row {
  readonly id: number;
  readonly unread: number;
  readonly ahead: 0 | 1 | 2;
  readonly position: number;
  readonly readTo: number | null;
}

/** Keeps SQLite from going through the whole account (https://www.sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_). */
const BY_ROWID = '+account_id = ?';

/**
 * Reads all changes of these contracts by one statement over their rows: the marks of the changes themselves stay (see
 * `marks.ts`), so that 100,000 contracts with a million unread changes take no seconds, and undo finds them.
 */
export function markRead(context: WriteContext, members: Members, actionId: number): Done {
  const { store, state, contracts } = context;
  contracts.release();
  const [account, column, values] =
    'contractIds' in members
      ? ['account_id = ?', 'contract_id', members.contractIds]
      : [BY_ROWID, 'contract_rowid', Array.from(members.contractRowids)];
  const where = `${account} AND (unread > 0 OR ahead = 2) AND ${column} IN (SELECT value FROM json_each(?))`;
  const list = JSON.stringify(values);
  const rows = store
    .sql(
      `SELECT contract_rowid AS id, unread, ahead, position, read_to AS readTo FROM contract WHERE ${where}`,
    )
    .all(state.accountId, list) as Row[];
  store
    .sql(
      `UPDATE contract SET unread = 0, read_by = iif(unread > 0, ?, read_by), ahead = min(ahead, 1),
         read_to = iif(ahead = 2, max(coalesce(read_to, 0), position), read_to) WHERE ${where}`,
    )
    .run(actionId, state.accountId, list);
  const rowids = Float64Array.from(rows, (row) => row.id);
  store.noteWritten(rowids);
  return {
    what: 'read',
    contracts: rowids,
    unread: Float64Array.from(rows, (row) => row.unread),
    ahead: rows.filter((row) => row.ahead === 2),
  };
}

/** Those that are still read by this very action become unread again. */
export function unmarkRead(
  context: WriteContext,
  done: Extract<Done, { readonly what: 'read' }>,
  actionId: number,
): void {
  const { store, state, contracts } = context;
  contracts.release();
  for (const { id, position, readTo } of done.ahead) {
    const { changes } = store
      .sql(
        'UPDATE contract SET ahead = 2, read_to = ? WHERE contract_rowid = ? AND ahead = 1 AND position = ?',
      )
      .run(readTo, id, position);
    if (changes > 0) store.noteWritten([id]);
  }
  const groups = new Map<number, number[]>();
  for (const [i, rowid] of done.contracts.entries()) {
    const unread = done.unread[i] ?? 0;
    const group = groups.get(unread);
    if (group) group.push(rowid);
    else groups.set(unread, [rowid]);
  }
  const statement = store.sql(
    `UPDATE contract SET unread = ?, read_by = NULL
     WHERE contract_rowid IN (SELECT value FROM json_each(?)) AND ${BY_ROWID} AND read_by = ?
     RETURNING contract_rowid AS id`,
  );
  for (const [unread, rowids] of groups) {
    const rows = statement.all(unread, JSON.stringify(rowids), state.accountId, actionId) as Pick<
      Row,
      'id'
    >[];
    store.noteWritten(rows.map((row) => row.id));
  }
}
