import type { ViewFilter } from '../../../protocol/filter.ts';
import type { Lists } from './lists.ts';

/** A list as it was when the person stopped to read it: its order and membership stay. */
export interface FrozenView {
  readonly accountId: number;
  readonly filter: ViewFilter;
  readonly rowids: Uint32Array;
  /** To be told before a contract changes: where it stood, -1 if it is new. */
  note(rowid: number, position: number): void;
  /** Contracts of the filter now that are newer than they were frozen, or have changed since and were not frozen at all. */
  waiting(lists: Lists): number;
}

export function freezeView(accountId: number, filter: ViewFilter, lists: Lists): FrozenView {
  const rowids = lists.list(filter);
  const isFrozen = new Uint8Array(lists.columns.bound);
  for (const rowid of rowids) isFrozen[rowid] = 1;
  /** Of those that have changed: the position as it was frozen, -1 where it was not. */
  const before = new Map<number, number>();

  return {
    accountId,
    filter,
    rowids,
    note(rowid, position) {
      if (!before.has(rowid)) before.set(rowid, isFrozen[rowid] === 1 ? position : -1);
    },
    waiting(now) {
      if (before.size === 0) return 0;
      const isMember = now.match(filter);
      let waiting = 0;
      for (const [rowid, position] of before) {
        if ((now.columns.position[rowid] ?? -1) > position && isMember(rowid)) waiting++;
      }
      return waiting;
    },
  };
}

/** Tells the frozen lists what has changed between two readings of all contracts. */
export function noteDifferences(before: Lists, after: Lists, frozen: readonly FrozenView[]): void {
  if (frozen.length === 0) return;
  const a = before.columns;
  const b = after.columns;
  for (let rowid = 0; rowid < Math.max(a.bound, b.bound); rowid++) {
    const stood = a.member[rowid] ? (a.position[rowid] ?? -1) : -1;
    const stands = b.member[rowid] ? (b.position[rowid] ?? -1) : -1;
    if (stood === stands && a.member[rowid] === b.member[rowid]) continue;
    for (const view of frozen) view.note(rowid, stood);
  }
}
