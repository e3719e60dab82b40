import type { Sort } from '../../protocol/filter.ts';
import { STATUS_CODES } from '../../protocol/statuses.ts';
import { foldText } from '../../protocol/text.ts';
import { amountColumn, partyColumn, titleColumn, type PartyColumn } from './roll-columns.ts';
import type { Roll } from './roll.ts';

export const RECENT: Sort = { by: 'recent', descending: true };

/** Negative when the first contract_rowid comes first. */
export type Compare = (a: number, b: number) => number;

/** All contracts of a roll in the orders that were asked for; each is kept up by what has changed. */
export interface Orders {
  /** Never changed afterwards: a changed order is another array. */
  get(sort: Sort): Uint32Array;
  /** Puts these contracts where they belong now. */
  move(rowids: readonly number[]): void;
}

interface Order {
  rowids: Uint32Array;
  readonly compare: Compare;
}

/** Orders kept besides the latest change first: 4 bytes a contract each. */
const MAX_OTHERS = 3;

export function openOrders(roll: Roll): Orders {
  const orders = new Map<string, Order>();
  const keyOf = (sort: Sort): string => `${sort.by} ${sort.descending}`;
  const recentKey = keyOf(RECENT);

  function everyone(): Uint32Array {
    const rowids = new Uint32Array(roll.counts.all);
    let next = 0;
    for (let rowid = 0; rowid < roll.bound; rowid++) if (roll.member[rowid]) rowids[next++] = rowid;
    return rowids;
  }

  function get(sort: Sort): Uint32Array {
    const key = keyOf(sort);
    let order = orders.get(key);
    if (!order) {
      const compare = compareBy(roll, sort);
      const rowids = key === recentKey ? everyone() : get(RECENT).slice();
      order = { rowids: rowids.sort(compare), compare };
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
      if (rowids.length === 0) return;
      const moved = new Uint8Array(roll.bound);
      for (const rowid of rowids) moved[rowid] = 1;
      for (const order of orders.values()) {
        order.rowids = merge(order, Uint32Array.from(rowids).sort(order.compare), moved, roll.counts.all);
      }
    },
  };
}

/** `order` without those that moved, and these where they belong. */
function merge(order: Order, sorted: Uint32Array, moved: Uint8Array, total: number): Uint32Array {
  const { rowids, compare } = order;
  const merged = new Uint32Array(total);
  let next = 0;
  let at = 0;
  for (const rowid of rowids) {
    if (moved[rowid]) continue;
    while (at < sorted.length && compare(sorted[at] as number, rowid) < 0)
      merged[next++] = sorted[at++] as number;
    merged[next++] = rowid;
  }
  while (at < sorted.length) merged[next++] = sorted[at++] as number;
  return merged;
}

const statusRank: ReadonlyMap<string, number> = new Map(STATUS_CODES.map((code, i) => [code, i]));
/** Later than every value, in either direction. */
const NO_VALUE = Number.NaN;

/** The order of two contracts; ties follow the latest change, newest first, and then what was stored last. */
export function compareBy(roll: Roll, { by, descending }: Sort): Compare {
  const recent: Compare = (a, b) => (roll.position[b] ?? 0) - (roll.position[a] ?? 0) || b - a;
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
      return byNumber((rowid) => roll.due[rowid] ?? NO_VALUE);
    case 'severity':
      return byNumber((rowid) => roll.severity[rowid] ?? 0);
    case 'status': {
      const ranks = ranksOf(
        () => roll.statuses.texts,
        (code) => statusRank.get(code) ?? NO_VALUE,
      );
      return byNumber((rowid) => ranks(roll.status[rowid] ?? 0));
    }
    case 'amount': {
      const amounts = roll.column('amounts', amountColumn);
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
      const titles = roll.column('titles', titleColumn);
      return (a, b) => {
        const x = titles.at(a);
        const y = titles.at(b);
        if (x === y) return recent(a, b);
        return x < y ? -sign : sign;
      };
    }
    case 'party': {
      const parties = roll.column('parties', partyColumn);
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
