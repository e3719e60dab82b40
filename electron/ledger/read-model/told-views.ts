import { isDeepStrictEqual } from 'node:util';
import type { ContractRow } from '../../../protocol/view.ts';
import type { AskedView, ViewPage, ViewUpdate } from '../types.ts';
import type { Written } from '../storage/store.ts';

/** A page of a view, before any row of it is read. */
export interface PageFrame extends Pick<ViewPage, 'total' | 'counts'> {
  readonly rowids: Uint32Array;
  readonly waiting: number;
  /** Rows of these contracts; those that are gone are missing. */
  read(rowids: readonly number[]): ReadonlyMap<number, ContractRow>;
}

interface Told {
  readonly accountId: number;
  /** As they stand in the window, in their order. */
  readonly rows: ReadonlyMap<number, ContractRow>;
  /** Of all else. */
  readonly rest: string;
  /** Rows that were written since; null: any may have been. */
  written: Set<number> | null;
}

/** What each open view was told last, so that only what differs is read and told again. */
export interface ToldViews {
  tell(accountId: number, asked: AskedView, frame: PageFrame, how: HowTold): ViewUpdate;
  forget(viewId: number): void;
  /** To be told of every commit: which contracts were written, or null for any. */
  noteChange(written: Written | null): void;
}

/** `rows`: where no row has changed, what else has is left for later. */
export type HowTold = 'whole' | 'changes' | 'rows';

/** As many views as the window may have open, and an export's. */
const MAX_TOLD = 32;

export function createToldViews(): ToldViews {
  const views = new Map<number, Told>();

  /** Rows that need not be read again: told before, and not written since. What a search has found may change by itself. */
  function sureRows(told: Told | undefined, { filter }: AskedView): ReadonlyMap<number, ContractRow> {
    if (told === undefined || told.written === null || filter.text !== '') return new Map();
    if (told.written.size === 0) return told.rows;
    const { written } = told;
    return new Map([...told.rows].filter(([rowid]) => !written.has(rowid)));
  }

  function keep(viewId: number, told: Told): void {
    views.delete(viewId);
    views.set(viewId, told);
    const [oldest] = views.keys();
    if (views.size > MAX_TOLD && oldest !== undefined) views.delete(oldest);
  }

  return {
    tell(accountId, asked, frame, how) {
      const { total, counts, waiting, rowids } = frame;
      const told = how === 'whole' ? undefined : views.get(asked.viewId);
      const sure = sureRows(told, asked);
      const read = frame.read([...rowids].filter((rowid) => !sure.has(rowid)));
      const rows = new Map<number, ContractRow>();
      const message: (ContractRow | string)[] = [];
      let changed = told === undefined;
      for (const rowid of rowids) {
        const before = told?.rows.get(rowid);
        const now = sure.get(rowid) ?? read.get(rowid);
        if (now === undefined) continue;
        const isTold = before !== undefined && (now === before || isDeepStrictEqual(now, before));
        changed ||= !isTold;
        rows.set(rowid, isTold ? before : now);
        message.push(isTold ? now.key : now);
      }
      changed ||= told?.rows.size !== rows.size || !sameOrder(told.rows, rows);
      const rest = JSON.stringify([total, waiting, counts, asked.range.offset, asked.held]);
      const differs = rest !== told?.rest;
      if (told !== undefined && !changed && (how === 'rows' || !differs)) {
        told.written = new Set();
        return { counts, isBehind: differs, page: null };
      }
      keep(asked.viewId, { accountId, rows, rest, written: new Set() });
      return { counts, isBehind: false, page: { total, waiting, rows: message } };
    },
    forget: (viewId) => void views.delete(viewId),
    noteChange(written) {
      for (const told of views.values()) {
        if (written === null) told.written = null;
        if (written === null || told.written === null) continue;
        for (const rowid of told.rows.keys()) if (written.rowids.has(rowid)) told.written.add(rowid);
        for (const { accountId, record } of written.records)
          if (accountId === told.accountId && told.rows.has(record.contractRowid))
            told.written.add(record.contractRowid);
      }
    },
  };
}

function sameOrder(one: ReadonlyMap<number, unknown>, other: ReadonlyMap<number, unknown>): boolean {
  const rowids = one.keys();
  for (const rowid of other.keys()) if (rowids.next().value !== rowid) return false;
  return true;
}
