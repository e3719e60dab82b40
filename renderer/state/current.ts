import type { ContractRow } from '../../protocol/view.ts';
import { contractName } from '../../protocol/wire-text.ts';
import { moveBy } from './active-row.ts';
import type { ContractStore } from './contract-store.ts';
import type { SelectionStore } from './selection-store.ts';
import type { FeedStore } from './feed-store.ts';
import { indexOfContract } from './feed-rows.ts';

/** What the next action concerns. */
export interface Subjects {
  readonly ids: readonly string[];
  /** Those of them that are held here, for what depends on their state. */
  readonly rows: readonly ContractRow[];
}

/**
 * The contract that is open, has the keyboard and is acted on: while one is open, these are the same. Nothing open: the row
 * that has the keyboard. Rows selected: all of those, which the pane then says in place of the open contract.
 */
export interface Current {
  /** Opens what the person chose, wherever that was, or a link named; a selection ends with it. */
  open(contractId: string, byLink?: boolean): void;
  /** A key that moves. False where it leads nowhere. */
  move(key: string): boolean;
  /** What an action concerns that names no contract itself. */
  subjects(): Subjects;
  /** These contracts, with what is known of them here. */
  subjectsFor(ids: readonly string[]): Subjects;
  /** Title of a contract that is held here, or its number where it has none; null for others. */
  titleOf(contractId: string): string | null;
}

const NONE: Subjects = { ids: [], rows: [] };

export function createCurrent(feed: FeedStore, cursor: SelectionStore, contract: ContractStore): Current {
  /** A row the keyboard has gone to, which main has not sent yet, with what was open then: it is opened when it comes. */
  let awaited: { readonly index: number; readonly openId: string } | null = null;

  function rowOf(contractId: string): ContractRow | undefined {
    const { openId, detail, row } = contract.getState();
    const isOpen = contractId === openId;
    const listed = feed.getState().rows.get(indexOf(contractId));
    return (isOpen ? detail?.row : undefined) ?? listed ?? (isOpen ? (row ?? undefined) : undefined);
  }

  const indexOf = (contractId: string): number => indexOfContract(feed.getState().rows, contractId);

  const selecting = (): boolean => cursor.getState().selected.size > 0;

  /** The open contract has left the list, or was opened from elsewhere: no row stands for it. */
  function isElsewhere(): boolean {
    const { openId } = contract.getState();
    if (openId === null || selecting() || indexOf(openId) >= 0) return false;
    const { key } = cursor.getState().active;
    // Scrolled out of sight its row is not held here, and still where it was.
    const away = feed.getState().rows.get(cursor.index()) === undefined;
    return !(away && key !== null && key === rowOf(openId)?.key);
  }

  /** After every change of list, selection or open contract: the row of the open contract is the active one. */
  function settle(): void {
    const { openId } = contract.getState();
    if (openId === null || selecting()) {
      awaited = null;
    } else if (awaited !== null && awaited.openId === openId) {
      const row = feed.getState().rows.get(awaited.index);
      if (!row) return;
      awaited = null;
      return contract.open(row.contractId, { row });
    } else {
      awaited = null;
      const at = indexOf(openId);
      if (at >= 0) return cursor.touch(at);
    }
    // Who has not moved yet is at the top of the list, whatever comes in there.
    if (cursor.getState().active.key === null) return;
    const at = cursor.index();
    if (feed.getState().rows.has(at)) cursor.touch(at);
  }

  feed.subscribe((state, before) => {
    if (state.opened !== before.opened) cursor.reset();
    if (state.rows !== before.rows) settle();
  });
  contract.subscribe((state, before) => {
    if (state.openId === before.openId) return;
    if (before.openId !== null && state.openId === null) return void (awaited = null);
    const at = state.openId === null ? -1 : indexOf(state.openId);
    if (at >= 0 && !selecting()) cursor.moveTo(at);
    else settle();
  });
  cursor.subscribe((state, before) => {
    if (state.selected.size === 0 && before.selected.size > 0) settle();
  });

  function subjectsFor(ids: readonly string[]): Subjects {
    const wanted = new Set(ids);
    const rows = [...feed.getState().rows.values()].filter((row) => wanted.has(row.contractId));
    const open = contract.getState().detail?.row;
    const more = open && wanted.has(open.contractId) && !rows.some((row) => row.key === open.key);
    return { ids, rows: more ? [...rows, open] : rows };
  }

  return {
    open(contractId, byLink = false) {
      cursor.clear();
      contract.open(contractId, { row: rowOf(contractId) ?? null, byLink });
    },
    move(key) {
      awaited = null;
      const { rows, total } = feed.getState();
      const index = cursor.index();
      // The row that has taken its place is the next one.
      const from = isElsewhere() && (key === 'j' || key === 'ArrowDown') ? index - 1 : index;
      const target = moveBy(key, from, total ?? 0, cursor.getState().page);
      if (target === null) return false;
      cursor.moveTo(target);
      const { openId } = contract.getState();
      if (openId === null || selecting()) return true;
      const row = rows.get(target);
      if (row) contract.open(row.contractId, { row, passing: true });
      else awaited = { index: target, openId };
      return true;
    },
    subjects() {
      if (selecting()) return subjectsFor([...cursor.getState().selected]);
      const { openId, phase } = contract.getState();
      if (phase === 'unknown') return NONE;
      const row = openId === null ? cursor.row() : rowOf(openId);
      return row ? { ids: [row.contractId], rows: [row] } : NONE;
    },
    subjectsFor,
    titleOf(contractId) {
      const row = rowOf(contractId);
      return row ? contractName(row) : null;
    },
  };
}
