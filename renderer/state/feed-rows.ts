import type { ContractRow, ViewBatch, ViewRange } from '../../protocol/view.ts';

/** The sparse window of a view that is held here: absolute index → row. */
export type Rows = ReadonlyMap<number, ContractRow>;

/** Ranges begin at multiples of this, so that small scrolls ask for nothing. */
export const RANGE_STEP = 25;
/** Rows kept on either side of the range asked for; at most 500 + 2 × 200 rows are ever held. */
const KEPT_AROUND = 200;
const MAX_LIMIT = 500;

/** The range to ask main for when rows `first … last` are on screen: a margin on both sides, within 1–500 rows. */
export function rangeAround(first: number, last: number): ViewRange {
  const from = Math.max(0, Math.floor(first / RANGE_STEP) * RANGE_STEP - RANGE_STEP);
  const to = Math.ceil((last + 1) / RANGE_STEP) * RANGE_STEP + RANGE_STEP;
  return { offset: from, limit: Math.min(MAX_LIMIT, Math.max(RANGE_STEP, to - from)) };
}

export function sameRange(a: ViewRange, b: ViewRange): boolean {
  return a.offset === b.offset && a.limit === b.limit;
}

/** Rows arrive as copies: equal content keeps its identity, so that only changed rows are drawn again. */
function sameRow(a: ContractRow, b: ContractRow): boolean {
  if (a === b) return true;
  return (
    a.key === b.key &&
    a.version === b.version &&
    a.unread === b.unread &&
    a.acknowledgement === b.acknowledgement &&
    a.actionRequired === b.actionRequired &&
    JSON.stringify(a) === JSON.stringify(b)
  );
}

/** Where the contract stands; -1 where no row held here is of it. */
export function indexOfContract(rows: Rows, contractId: string): number {
  for (const [index, row] of rows) if (row.contractId === contractId) return index;
  return -1;
}

export function byKey(rows: Rows): ReadonlyMap<string, ContractRow> {
  return new Map(Array.from(rows.values(), (row) => [row.key, row]));
}

export interface Merged {
  readonly rows: Rows;
  /** True when a known position now holds another contract: what lies outside the batch is no longer sure. */
  readonly moved: boolean;
}

/**
 * `rows` with `batch` laid over it. When the order changed, or `contiguous` is false (messages were
 * missed), only the batch itself is kept: positions outside of it may have shifted and are asked for again.
 */
export function mergeBatch(rows: Rows, total: number | null, batch: ViewBatch, contiguous = true): Merged {
  const moved =
    !contiguous ||
    (total !== null && total !== batch.total) ||
    batch.rows.some((row, i) => {
      const before = rows.get(batch.offset + i);
      return before !== undefined && before.key !== row.key;
    });
  const known = byKey(rows);
  const next = new Map<number, ContractRow>();
  if (!moved) {
    const keptFrom = batch.offset - KEPT_AROUND;
    const keptTo = batch.offset + batch.rows.length + KEPT_AROUND;
    for (const [index, row] of rows) if (index >= keptFrom && index < keptTo) next.set(index, row);
  }
  batch.rows.forEach((row, i) => {
    const before = known.get(row.key);
    next.set(batch.offset + i, before && sameRow(before, row) ? before : row);
  });
  return { rows: next, moved };
}

/**
 * How far, in rows, the contract at `anchor` was carried by a change of order; 0 where that cannot be
 * told. The list scrolls by as much, so that what is being read stays where it is.
 */
export function anchorShift(before: Rows, after: Rows, anchor: number): number {
  const key = before.get(anchor)?.key;
  if (key === undefined || after.get(anchor)?.key === key) return 0;
  for (const [index, row] of after) if (row.key === key) return index - anchor;
  return 0;
}

/** Keys that stand above everything that was at the top before: what came in live. */
export function arrivals(before: Rows, after: Rows): ReadonlySet<string> {
  const known = new Set<string>();
  for (const row of before.values()) known.add(`${row.key} ${row.version}`);
  const came = new Set<string>();
  for (let index = 0; ; index += 1) {
    const row = after.get(index);
    if (!row || known.has(`${row.key} ${row.version}`)) return came;
    came.add(row.key);
  }
}
