import type { Rows } from './feed-rows.ts';

/** The row that has the keyboard: remembered by contract, so that it stays the same one when rows move. */
export interface ActiveRow {
  readonly index: number;
  readonly key: string | null;
}

/** Where the active row is now; at its old place when its contract is not among the rows held here. */
export function locate(active: ActiveRow, rows: Rows, total: number): number {
  if (total === 0) return -1;
  const at = Math.min(active.index, total - 1);
  if (active.key === null || rows.get(at)?.key === active.key) return at;
  for (const [index, row] of rows) if (row.key === active.key) return index;
  return at;
}

/** The index a key leads to, or null for keys that do not move. `page` is the number of rows on screen. */
export function moveBy(key: string, index: number, total: number, page: number): number | null {
  const target = {
    j: index + 1,
    ArrowDown: index + 1,
    k: index - 1,
    ArrowUp: index - 1,
    PageDown: index + page,
    PageUp: index - page,
    Home: 0,
    End: total - 1,
  }[key];
  return target === undefined ? null : Math.min(total - 1, Math.max(0, target));
}
