import { AWAITING } from '../../protocol/statuses.ts';
import { NO_COUNTS } from '../../protocol/view.ts';
import type { ContractRow, ViewCounts, ViewFilter, ViewName, ViewRange } from '../../protocol/view.ts';
import { foldText } from '../../protocol/text.ts';
import { CONTRACT_SELECT, type ContractRecord } from './contract-record.ts';

import { toContractRow } from './rows.ts';
import type { Store } from './store.ts';
import { LedgerError, type ViewPage } from './types.ts';

/** Reads views; remembers held orders and the last search until something is written. */
export interface Views {
  readView(accountId: number, filter: ViewFilter, range: ViewRange): ViewPage;
  holdView(accountId: number, viewId: number, filter: ViewFilter): void;
  readHeld(accountId: number, viewId: number, range: ViewRange): ViewPage & { readonly waiting: number };
  releaseView(viewId: number): void;
  /** Rowids of all contracts in the view: as held, where it is. */
  members(accountId: number, viewId: number, filter: ViewFilter): Float64Array;
  /** To be told of every commit: which contracts were written, or null for any. */
  noteChange(contractRowids: ReadonlySet<number> | null): void;
}

interface Held {
  readonly accountId: number;
  readonly filter: ViewFilter;
  readonly rowids: Float64Array;
  /** Position of each member as it was held. */
  readonly positions: ReadonlyMap<number, number>;
  /** Contracts written since; null: too much to tell, ask for all. */
  touched: Set<number> | null;
}

interface Placed {
  readonly id: number;
  readonly position: number;
}

const quoted = (codes: readonly string[]): string => codes.map((code) => `'${code}'`).join(', ');

const CONDITION: Readonly<Record<ViewName, string>> = {
  all: '',
  unread: 'AND unread > 0 AND muted = 0 AND snoozed_until IS NULL',
  action_required: 'AND action_open = 1 AND snoozed_until IS NULL',
  waiting: `AND action_required = 0 AND snoozed_until IS NULL AND to_status IN (${quoted(AWAITING)})`,
  overdue: 'AND 0',
  due_soon: 'AND 0',
  snoozed: 'AND snoozed_until IS NOT NULL',
  muted: 'AND muted = 1',
};
const COUNT: Readonly<Record<ViewName, keyof ViewCounts>> = {
  all: 'all',
  unread: 'unread',
  action_required: 'actionRequired',
  waiting: 'waiting',
  overdue: 'overdue',
  due_soon: 'dueSoon',
  snoozed: 'snoozed',
  muted: 'muted',
};
const SELECT_ROW = `${CONTRACT_SELECT} WHERE contract_rowid = ? AND account_id = ?`;
const SELECT_PLACE = 'SELECT contract_rowid AS id, position FROM contract';
const ORDER = 'ORDER BY position DESC, contract_id';

export function openViews(store: Store): Views {
  const held = new Map<number, Held>();
  let lastSearch: { readonly key: string; readonly rowids: Float64Array } | null = null;

  function counts(accountId: number): ViewCounts {
    const row = store
      .sql(
        `SELECT count_all AS "all", count_unread AS unread, count_action AS actionRequired
         FROM account WHERE account_id = ?`,
      )
      .get(accountId) as ViewCounts | undefined;
    if (!row)
      throw new LedgerError('unknown', `No account ${accountId} in this ledger; ask for it by account().`);
    return { ...NO_COUNTS, all: row.all, unread: row.unread, actionRequired: row.actionRequired };
  }

  /** Members of the filter in its order. */
  function collect(accountId: number, filter: ViewFilter): Placed[] {
    const { where, words } = condition(filter);
    return store.sql(`${SELECT_PLACE} WHERE ${where} ${ORDER}`).all(accountId, ...words) as Placed[];
  }

  function search(accountId: number, filter: ViewFilter): Float64Array {
    const key = JSON.stringify([accountId, filter.view, wordsOf(filter.text)]);
    if (lastSearch?.key !== key)
      lastSearch = { key, rowids: Float64Array.from(collect(accountId, filter), (row) => row.id) };
    return lastSearch.rowids;
  }

  function readRows(accountId: number, rowids: Float64Array, range: ViewRange): ContractRow[] {
    const rows: ContractRow[] = [];
    for (const id of rowids.subarray(range.offset, range.offset + range.limit)) {
      const record = recordOf(accountId, id);
      if (record) rows.push(toContractRow(accountId, record));
    }
    return rows;
  }

  function recordOf(accountId: number, contractRowid: number): ContractRecord | undefined {
    return store.sql(SELECT_ROW).get(contractRowid, accountId) as ContractRecord | undefined;
  }

  /** Contracts of the filter now, written since, that are newer than they were held or were not held at all. */
  function countWaiting(view: Held): number {
    const { where, words } = condition(view.filter);
    const isWaiting = (row: Placed): boolean => row.position > (view.positions.get(row.id) ?? -1);
    if (view.touched === null) {
      const rows = store.sql(`${SELECT_PLACE} WHERE ${where}`).iterate(view.accountId, ...words);
      let waiting = 0;
      for (const row of rows as Iterable<Placed>) if (isWaiting(row)) waiting++;
      return waiting;
    }
    const one = store.sql(`${SELECT_PLACE} WHERE ${where} AND contract_rowid = ?`);
    const rows = Array.from(
      view.touched,
      (id) => one.get(view.accountId, ...words, id) as Placed | undefined,
    );
    return rows.filter((row) => row !== undefined && isWaiting(row)).length;
  }

  return {
    readView(accountId, filter, range) {
      const all = counts(accountId);
      if (wordsOf(filter.text).length > 0) {
        const rowids = search(accountId, filter);
        return { total: rowids.length, rows: readRows(accountId, rowids, range), counts: all };
      }
      const records = store
        .sql(`${CONTRACT_SELECT} WHERE account_id = ? ${CONDITION[filter.view]} ${ORDER} LIMIT ? OFFSET ?`)
        .all(accountId, range.limit, range.offset) as ContractRecord[];
      return {
        total: all[COUNT[filter.view]],
        rows: records.map((record) => toContractRow(accountId, record)),
        counts: all,
      };
    },
    holdView(accountId, viewId, filter) {
      const rows = collect(accountId, filter);
      held.set(viewId, {
        accountId,
        filter,
        rowids: Float64Array.from(rows, (row) => row.id),
        positions: new Map(rows.map((row) => [row.id, row.position])),
        touched: new Set(),
      });
    },
    readHeld(accountId, viewId, range) {
      const view = held.get(viewId);
      if (!view || view.accountId !== accountId) {
        throw new LedgerError('unknown', `View ${viewId} is not held; hold it again.`);
      }
      return {
        total: view.rowids.length,
        rows: readRows(accountId, view.rowids, range),
        counts: counts(accountId),
        waiting: countWaiting(view),
      };
    },
    members(accountId, viewId, filter) {
      const view = held.get(viewId);
      if (view?.accountId === accountId) return view.rowids;
      return Float64Array.from(collect(accountId, filter), (row) => row.id);
    },
    releaseView(viewId) {
      held.delete(viewId);
    },
    noteChange(contractRowids) {
      lastSearch = null;
      for (const view of held.values()) {
        if (contractRowids === null) view.touched = null;
        else for (const id of contractRowids) view.touched?.add(id);
      }
    },
  };
}

function wordsOf(text: string): string[] {
  return foldText(text.slice(0, 200))
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** The filter as SQL over `account_id` and its words, in this order. */
function condition(filter: ViewFilter): { readonly where: string; readonly words: readonly string[] } {
  const words = wordsOf(filter.text);
  return {
    where: `account_id = ? ${CONDITION[filter.view]} ${'AND instr(search_text, ?) > 0 '.repeat(words.length)}`,
    words,
  };
}
