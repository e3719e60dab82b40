import { DUE_SOON_MS } from '../../../protocol/filter.ts';
import type { Overview } from '../../../protocol/overview.ts';
import { OVER, STATUS_CODES, type Severity } from '../../../protocol/statuses.ts';
import { QUARTER_MS } from '../storage/change-counts.ts';
import { fromScaled } from '../storage/decimal.ts';
import { VIEW_BITS, type ColumnIndex } from './column-index.ts';
import type { Store } from '../storage/store.ts';
import { sumColumn } from './sums.ts';

const DAY_MS = 86_400_000;
/** Overdue for at least so many times 24 hours, and for less than the next. */
const OVERDUE_STEPS: readonly number[] = [0, 1, 7, 30];
const over: ReadonlySet<string> = new Set(OVER);

/**
 * Contracts by the very column index that the views' counts are taken from, changes by the counts kept with each write.
 * `days`: 1 to 366, in the local time zone of this thread. `now`: epoch ms.
 */
export function readOverview(
  store: Store,
  accountId: number,
  columns: ColumnIndex,
  days: number,
  now: number,
): Overview {
  return {
    statuses: byStatus(columns),
    days: dayStarts(now, 1 - days, 0).map(({ day, start, end }) => ({
      day,
      changes: changesBetween(store, accountId, start, end),
    })),
    due: byDueDate(columns, now),
    amounts: byCurrency(columns),
    at: now,
  };
}

function* contractsOf(columns: ColumnIndex, views: number): Iterable<number> {
  for (let rowid = 0; rowid < columns.bound; rowid++) if ((columns.member[rowid] ?? 0) & views) yield rowid;
}

const statusOf = (columns: ColumnIndex, rowid: number): string =>
  columns.statuses.texts[columns.status[rowid] ?? 0] ?? '';

/** In the order of STATUS_CODES, unknown codes last. */
function byStatus(columns: ColumnIndex): Overview['statuses'] {
  const counts = new Map<string, number>();
  for (const rowid of contractsOf(columns, VIEW_BITS.all)) {
    const status = statusOf(columns, rowid);
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  const place = (status: string): number => {
    const known = (STATUS_CODES as readonly string[]).indexOf(status);
    return known < 0 ? STATUS_CODES.length : known;
  };
  return Array.from(counts, ([status, count]) => ({ status, count })).sort(
    (a, b) => place(a.status) - place(b.status) || (a.status < b.status ? -1 : 1),
  );
}

/** The currency of most contracts first. */
function byCurrency(columns: ColumnIndex): Overview['amounts'] {
  const column = columns.column('sums', sumColumn);
  function* open(): Iterable<number> {
    for (const rowid of contractsOf(columns, VIEW_BITS.all))
      if (!over.has(statusOf(columns, rowid))) yield rowid;
  }
  return Array.from(column.sums(open()), ([currency, { contracts, scaled }]) => ({
    currency,
    open: fromScaled(scaled),
    contracts,
  })).sort((a, b) => b.contracts - a.contracts || (a.currency < b.currency ? -1 : 1));
}

interface Day {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly start: number;
  readonly end: number;
}

/** Local days from `first` to `last` days after today; not all have 24 hours. */
function dayStarts(now: number, first: number, last: number): readonly Day[] {
  const today = new Date(now);
  const midnight = (offset: number): Date =>
    new Date(today.getFullYear(), today.getMonth(), today.getDate() + offset);
  const two = (value: number): string => String(value).padStart(2, '0');
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const start = midnight(first + i);
    const day = `${start.getFullYear()}-${two(start.getMonth() + 1)}-${two(start.getDate())}`;
    return { day, start: start.getTime(), end: midnight(first + i + 1).getTime() };
  });
}

function changesBetween(
  store: Store,
  accountId: number,
  start: number,
  end: number,
): Readonly<Record<Severity, number>> {
  const rows = store
    .sql(
      `SELECT severity, sum(changes) AS changes FROM change_count
       WHERE account_id = ? AND quarter >= ? AND quarter < ? GROUP BY severity`,
    )
    .all(accountId, Math.floor(start / QUARTER_MS), Math.floor(end / QUARTER_MS)) as {
    severity: Severity;
    changes: number;
  }[];
  const changes = { info: 0, success: 0, warning: 0, error: 0 };
  for (const row of rows) changes[row.severity] = row.changes;
  return changes;
}

function byDueDate(columns: ColumnIndex, now: number): Overview['due'] {
  const overdue = OVERDUE_STEPS.map((atLeastDays) => ({ atLeastDays, count: 0 }));
  // Seven times 24 hours reach into the seventh or, after a change of the clocks, the eighth day after today.
  const ahead = dayStarts(now, 0, 8).filter(({ start }) => start < now + DUE_SOON_MS);
  const soon = ahead.map(({ day }) => ({ day, count: 0 }));
  for (const rowid of contractsOf(columns, VIEW_BITS.overdue)) {
    const late = now - (columns.due[rowid] ?? now);
    const step = overdue.findLast((each) => late >= each.atLeastDays * DAY_MS) ?? overdue[0];
    if (step) step.count++;
  }
  for (const rowid of contractsOf(columns, VIEW_BITS.due_soon)) {
    const due = columns.due[rowid] ?? now;
    const day = soon[ahead.findIndex(({ end }) => due < end)] ?? soon.at(-1);
    if (day) day.count++;
  }
  return { overdue, soon };
}
