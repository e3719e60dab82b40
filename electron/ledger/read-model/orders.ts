import type { Sort } from '../../../protocol/filter.ts';
import { STATUS_CODES } from '../../../protocol/statuses.ts';
import { foldText } from '../../../protocol/text.ts';
import { amountColumn, partyColumn, titleColumn, type PartyColumn } from './column-arrays.ts';
import type { ColumnIndex } from './column-index.ts';

export const RECENT: Sort = { by: 'recent', descending: true };

/** Negative when the first contract_rowid comes first. */
export type Compare = (a: number, b: number) => number;

/** All contracts of a column index in the orders that were asked for; each is kept up by what has changed. */
export interface Orders {
  /** Never changed afterwards: a changed order is another array. */
  get(sort: Sort): Uint32Array;
  /** To be told which contracts have changed; they are put where they belong when their order is asked for. */
  move(rowids: readonly number[]): void;
}

interface Order {
  rowids: Uint32Array;
  readonly compare: Compare;
  /** Where they stand in `rowids` is out of date. */
  readonly moved: Set<number>;
}

/** Orders kept besides the latest change first: 4 bytes a contract each. */
const MAX_OTHERS = 3;

export function openOrders(columns: ColumnIndex): Orders {
  const orders = new Map<string, Order>();
  const keyOf = (sort: Sort): string => `${sort.by} ${sort.descending}`;
  const recentKey = keyOf(RECENT);

  function everyone(): Uint32Array {
    const rowids = new Uint32Array(columns.counts.all);
    let next = 0;
    for (let rowid = 0; rowid < columns.bound; rowid++) if (columns.member[rowid]) rowids[next++] = rowid;
    return rowids;
  }

  function get(sort: Sort): Uint32Array {
    const key = keyOf(sort);
    let order = orders.get(key);
    if (!order) {
      const compare = compareBy(columns, sort);
      const rowids = key === recentKey ? everyone() : get(RECENT).slice();
      order = { rowids: rowids.sort(compare), compare, moved: new Set() };
    }
    if (order.moved.size > 0) {
      order.rowids = merge(order, columns);
      order.moved.clear();
    }
    // The one used last stands last.
    orders.delete(key);
    orders.set(key, order);
    for (const other of orders.keys()) {
      if (orders.size <= MAX_OTHERS + 1) break;
      if (other !== recentKey) orders.delete(other);
    }
    return order.rowids;
  }

  return {
    get,
    move(rowids) {
      for (const { moved } of orders.values()) for (const rowid of rowids) moved.add(rowid);
    },
  };
}

/** Up to so many are moved one by one, by what copies memory; more of them in one pass over all. */
const FEW = 24;

/** The order without those that moved, and these where they belong. */
function merge({ rowids, compare, moved }: Order, columns: ColumnIndex): Uint32Array {
  const sorted = Uint32Array.from(moved).sort(compare);
  const merged = new Uint32Array(columns.counts.all);
  if (sorted.length <= FEW) {
    merged.set(rowids);
    let length = rowids.length;
    for (const rowid of sorted) {
      const at = merged.subarray(0, length).indexOf(rowid);
      if (at >= 0) merged.copyWithin(at, at + 1, length--);
    }
    for (const rowid of sorted) {
      const at = placeOf(rowid, merged, length, compare);
      merged.copyWithin(at + 1, at, length++);
      merged[at] = rowid;
    }
    return merged;
  }
  const isMoved = new Uint8Array(columns.bound);
  for (const rowid of moved) isMoved[rowid] = 1;
  let next = 0;
  let at = 0;
  for (let i = 0; i < rowids.length; i++) {
    const rowid = rowids[i] as number;
    if (isMoved[rowid] === 1) continue;
    while (at < sorted.length && compare(sorted[at] as number, rowid) < 0) {
      merged[next++] = sorted[at++] as number;
    }
    merged[next++] = rowid;
  }
  while (at < sorted.length) merged[next++] = sorted[at++] as number;
  return merged;
}

/** Where it belongs among the first `length`. */
function placeOf(rowid: number, rowids: Uint32Array, length: number, compare: Compare): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(rowids[middle] as number, rowid) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

const statusRank: ReadonlyMap<string, number> = new Map(STATUS_CODES.map((code, i) => [code, i]));
/** Later than every value, in either direction. */
const NO_VALUE = Number.NaN;

/** The order of two contracts; ties follow the latest change, newest first, and then what was stored last. */
export function compareBy(columns: ColumnIndex, { by, descending }: Sort): Compare {
  const recent: Compare = (a, b) => (columns.position[b] ?? 0) - (columns.position[a] ?? 0) || b - a;
  const sign = descending ? -1 : 1;
  const byNumber =
    (value: (rowid: number) => number): Compare =>
    (a, b) => {
      const x = value(a);
      const y = value(b);
      if (x === y) return recent(a, b);
      if (Number.isNaN(x) || Number.isNaN(y)) {
        return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || recent(a, b);
      }
      return x < y ? -sign : sign;
    };

  switch (by) {
    case 'recent':
      return descending ? recent : (a, b) => recent(b, a);
    case 'due':
      return byNumber((rowid) => columns.due[rowid] ?? NO_VALUE);
    case 'severity':
      return byNumber((rowid) => columns.severity[rowid] ?? 0);
    case 'status': {
      const ranks = ranksOf(
        () => columns.statuses.texts,
        (code) => statusRank.get(code) ?? NO_VALUE,
      );
      return byNumber((rowid) => ranks(columns.status[rowid] ?? 0));
    }
    case 'amount': {
      const amounts = columns.column('amounts', amountColumn);
      // Amounts of different currencies are not compared: their currencies are, always in the order of the alphabet.
      return (a, b) => {
        const x = amounts.currencyAt(a);
        const y = amounts.currencyAt(b);
        if (x === 0 || y === 0) return Number(x === 0) - Number(y === 0) || recent(a, b);
        if (x !== y)
          return (amounts.currencies.texts[x] ?? '') < (amounts.currencies.texts[y] ?? '') ? -1 : 1;
        return sign * amounts.compare(a, b) || recent(a, b);
      };
    }
    case 'title': {
      const titles = columns.column('titles', titleColumn);
      return (a, b) => {
        const x = titles.at(a);
        const y = titles.at(b);
        if (x === y) return recent(a, b);
        return x < y ? -sign : sign;
      };
    }
    case 'party': {
      const parties = columns.column('parties', partyColumn);
      const names = foldedNames(parties);
      return (a, b) => {
        const x = names(parties.at(a));
        const y = names(parties.at(b));
        if (x === y) return recent(a, b);
        if (x === '' || y === '') return x === '' ? 1 : -1;
        return x < y ? -sign : sign;
      };
    }
  }
}

function ranksOf(texts: () => readonly string[], rank: (text: string) => number): (number: number) => number {
  const ranks: number[] = [];
  return (number) => {
    for (let i = ranks.length; i <= number; i++) ranks.push(rank(texts()[i] ?? ''));
    return ranks[number] ?? NO_VALUE;
  };
}

/** Folded name of the first counterparty by the number of the list; '' where there is none. */
function foldedNames(parties: PartyColumn): (number: number) => string {
  const folded: string[] = [];
  return (number) => {
    for (let i = folded.length; i <= number; i++) folded.push(foldText(parties.lists[i]?.[0] ?? ''));
    return folded[number] ?? '';
  };
}
