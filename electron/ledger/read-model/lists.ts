import { fixConditions, type ViewFilter } from '../../../protocol/filter.ts';
import { wordsOf } from '../../../protocol/text.ts';
import type { ViewCounts, ViewName } from '../../../protocol/view.ts';
import type { ContractRecord } from '../storage/contract-record.ts';
import { matchOf, type Asked, type Match } from './matching.ts';
import { openOrders, RECENT } from './orders.ts';
import { openColumnIndex, type ColumnIndex } from './column-index.ts';
import { openSearch, type Search } from './search.ts';
import type { SearchIndex } from '../storage/search-index.ts';
import type { Store } from '../storage/store.ts';

/** The lists of one account: what is in a filter, in which order, as of the last write. */
export interface Lists {
  readonly columns: ColumnIndex;
  readonly search: Search;
  /** Rowids in the filter's order; never changed afterwards. */
  list(filter: ViewFilter): Uint32Array;
  match(filter: ViewFilter): Match;
  count(filter: ViewFilter): number;
  /** Takes in what was written; tells each contract that has changed, with its position before (-1: it is new). */
  update(
    written: readonly (number | ContractRecord)[],
    now: number,
    tell: (rowid: number, position: number) => void,
  ): void;
}

interface Kept {
  readonly revision: number;
  match: Match | null;
  rowids: Uint32Array | null;
  count: number | null;
}

/** Filters of which something is kept: those on the screen and the saved views. */
const MAX_KEPT = 40;
/** Of them so many lists: 4 bytes a contract each. */
const MAX_LISTS = 4;

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

export function openLists(store: Store, accountId: number, index: SearchIndex, now: number): Lists {
  const columns = openColumnIndex(store, accountId, now);
  const orders = openOrders(columns);
  const search = openSearch(store, accountId, columns, index);
  const kept = new Map<string, Kept>();
  let at = now;

  const fix = ({ view, conditions }: ViewFilter): Asked => ({
    view,
    conditions: conditions && fixConditions(conditions, at),
  });

  function keep(filter: ViewFilter): Kept {
    const { view, conditions } = fix(filter);
    const key = JSON.stringify([view, wordsOf(filter.text), conditions, filter.sort]);
    const revision = columns.revision + search.revision;
    let found = kept.get(key);
    if (found?.revision !== revision) found = { revision, match: null, rowids: null, count: null };
    kept.delete(key);
    kept.set(key, found);
    const [oldest] = kept.keys();
    if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
    return found;
  }

  const isPlain = (filter: ViewFilter): boolean => !filter.conditions && wordsOf(filter.text).length === 0;

  function match(filter: ViewFilter): Match {
    const found = keep(filter);
    found.match ??= matchOf(columns, fix(filter), search.find(filter.text));
    return found.match;
  }

  function select(filter: ViewFilter): Uint32Array {
    const order = orders.get(filter.sort ?? RECENT);
    if (filter.view === 'all' && isPlain(filter)) return order;
    const isMember = match(filter);
    // A loop takes a third of the time of TypedArray.filter().
    const members = new Uint32Array(isPlain(filter) ? count(filter) : order.length);
    let next = 0;
    for (let i = 0; i < order.length; i++) {
      const rowid = order[i] as number;
      if (isMember(rowid)) members[next++] = rowid;
    }
    return next === members.length ? members : members.slice(0, next);
  }

  function list(filter: ViewFilter): Uint32Array {
    const found = keep(filter);
    if (!found.rowids) {
      found.rowids = select(filter);
      const others = [...kept.values()].filter((other) => other.rowids && other !== found);
      for (const other of others.slice(0, -(MAX_LISTS - 1))) other.rowids = null;
    }
    return found.rowids;
  }

  function count(filter: ViewFilter): number {
    if (isPlain(filter)) return columns.counts[COUNT[filter.view]];
    const found = keep(filter);
    if (found.count === null) {
      let members = 0;
      if (found.rowids) members = found.rowids.length;
      else {
        const is = match(filter);
        for (let rowid = 0; rowid < columns.bound; rowid++) if (is(rowid)) members++;
      }
      found.count = members;
    }
    return found.count;
  }

  return {
    columns,
    search,
    list,
    match,
    count,
    update(written, present, tell) {
      at = present;
      columns.advance(at);
      if (written.length === 0) return;
      orders.move(columns.update(written, tell));
      search.forget(written.map((one) => (typeof one === 'number' ? one : one.contractRowid)));
    },
  };
}
