import type { Store } from './store.ts';

/** Counted once, then only what came since is added: the receipt is asked for several times a second. */
interface Counted {
  /** What was counted. */
  of: string;
  changes: number;
  /** The newest `event_rowid` that is in. */
  upTo: number;
}

function newest(store: Store): number {
  const row = store.sql('SELECT coalesce(max(event_rowid), 0) AS top FROM event').get() as { top: number };
  return row.top;
}

function count(
  store: Store,
  accountId: number,
  what: string,
  of: string,
  all: () => number,
  since: (upTo: number) => number,
): number {
  const counted = store.cached<Counted>(what, accountId, () => ({ of: '', changes: 0, upTo: 0 }));
  const top = newest(store);
  if (counted.of !== of) Object.assign(counted, { of, changes: all() });
  else if (counted.upTo < top) counted.changes += since(counted.upTo);
  counted.upTo = top;
  return counted.changes;
}

const TODAY = 'received today';
const WITHIN = 'received within';

/** Changes stored since `dayStart`, those of the baseline left out. */
export function countReceived(store: Store, accountId: number, dayStart: number): number {
  const select = (from: string): string =>
    `SELECT count(*) AS changes FROM event ${from} account_id = ? AND received_at >= ? AND before_baseline = 0`;
  const read = (row: unknown): number => (row as { changes: number }).changes;
  return count(
    store,
    accountId,
    TODAY,
    `${dayStart}`,
    () => read(store.sql(select('WHERE')).get(accountId, dayStart)),
    (upTo) => read(store.sql(select('NOT INDEXED WHERE event_rowid > ? AND')).get(upTo, accountId, dayStart)),
  );
}

/** Changes ever stored (removed ones too: their keys stay) with positions after `from` up to `to`. */
export function countWithin(store: Store, accountId: number, from: number, to: number): number {
  const select = (table: string): string =>
    `SELECT count(*) AS changes FROM ${table} account_id = ? AND position > ? AND position <= ?`;
  const read = (row: unknown): number => (row as { changes: number }).changes;
  return count(
    store,
    accountId,
    WITHIN,
    `${from} ${to}`,
    () => read(store.sql(select('event_key WHERE')).get(accountId, from, to)),
    (upTo) =>
      read(store.sql(select('event NOT INDEXED WHERE event_rowid > ? AND')).get(upTo, accountId, from, to)),
  );
}

/** To be told when events were removed: all is counted anew. */
export function forgetReceived(store: Store, accountId: number): void {
  for (const what of [TODAY, WITHIN]) {
    store.cached<Counted>(what, accountId, () => ({ of: '', changes: 0, upTo: 0 })).of = '';
  }
}
